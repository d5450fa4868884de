/** Reports whose figures are of many villages ask each of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Lane, ShockEnd, VillageAnswerState, type Shock } from '@fangpin/contracts';
import { COUNTRY, type Clock, type RegionCode } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { changePolicy, loadPolicy } from '@fangpin/policy';
import { askOriginOf, questionIdOf } from '../src/village-questions/question-id.js';
import { listQuestions } from '../src/village-questions/list-questions.js';
import { summarizeQuestions } from '../src/village-questions/summarize-questions.js';
import { TakeShocks } from '../src/village-questions/take-shocks.js';
import { NOW, shockIdOf } from './harness.js';
import { aNotice, aReport, callerOf, questionsOnDatabase, type QuestionsOnDatabase } from './notices.js';

const OPEN = 1;
const HIT = 101;
const NOT_HIT = 102;
const WITHDRAWN = 103;
const VILLAGES = 12;
const HOUR_MS = 3_600_000;
const FIRST = 532327101001000;
const SECOND = 532327101002000;

let world: QuestionsOnDatabase;
beforeAll(async () => {
  world = await questionsOnDatabase();
});
beforeEach(() => world.clear());
afterAll(() => world.db.drop());

const answer = (body: Record<string, unknown>, dutyCode = FIRST, { shock = 1, round = 1 } = {}) =>
  world.recordAnswer.execute({
    id: questionIdOf({ origin: askOriginOf(shockIdOf(shock), round), dutyCode }),
    body,
    ifMatch: undefined,
    idempotencyKey: undefined,
    caller: callerOf('532327'),
  });

const list = (clock: Clock = world.clock) =>
  world.app.transaction(callerOf('532327').scope, (tx) =>
    listQuestions(tx, { limit: 200 } as never, callerOf('532327'), clock.now()),
  );

describe('a report of 300 mu over a township', () => {
  it('asks every village at once, by the hours of policy from the report', async () => {
    await world.hear([aReport()]);
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES });
    const { items } = await list();
    expect(items[0]).toMatchObject({
      severity: 3,
      text: '7月18日冰雹灾情报告涉及本村所在地区，请报本村是否受灾（未受灾也要报）；受灾的，请一并报受灾、绝收面积和倒损房屋户数',
      notices: [{ shockId: shockIdOf(1), askedBy: 'damage-report', askedByLabel: '灾情报告' }],
    });
    expect(new Date(String(items[0]?.dueAt))).toEqual(new Date(NOW.getTime() + 24 * HOUR_MS));
  });

  it('leaves a village alone that it names, and asks nobody where all its figures are of villages', async () => {
    await world.hear([aReport({ mu: { '532327101': 300, '532327101001': 20 } })]);
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES - 1 });
    await world.clear();
    await world.hear([aReport({ mu: { '532327101001': 20, '532327101002': 30 } })]);
    expect(await world.states()).toEqual({});
  });

  it('asks nobody as a fall of prices, a lay-off or a cut of water', async () => {
    for (const kind of ['price-fall', 'lay-off', 'water-cut']) await world.hear([aReport({ kind })]);
    expect(await world.states()).toEqual({});
  });

  it('asks by the policy of its place: whom, about what, and how long there is to answer', async () => {
    const base = loadPolicy();
    const { kinds } = base.get('report-asks', '53' as RegionCode, '2026-07-18').value;
    const value = { kinds: kinds.filter((kind) => kind !== 'flood'), fromVillages: 20, hours: 6 };
    const policy = changePolicy(base, [{ key: 'report-asks', region: '5323' as RegionCode, value }]);
    const takeShocks = new TakeShocks(policy, world.clock);
    const hear = (...shocks: Shock[]) =>
      world.writer.transaction(cellScope('consumer:test', COUNTRY), (tx) =>
        takeShocks.execute(
          shocks.map((shock) => ({ shock, at: world.clock.now() })),
          tx,
        ),
      );
    await hear(aReport(), aReport({ shock: 2, kind: 'flood', mu: { '532327': 2_000 } }));
    expect(await world.states()).toEqual({});
    await hear(aReport({ shock: 3, mu: { '532327': 2_000 } }));
    expect(await world.states()).toEqual({ [OPEN]: 63 });
    const due = await world.rows<{ due_at: Date }>('SELECT DISTINCT due_at FROM village_questions');
    expect(due).toEqual([{ due_at: new Date(NOW.getTime() + 6 * HOUR_MS) }]);
  });

  it('is told what a village answers, with its figures', async () => {
    await world.hear([aReport()]);
    await answer({ hit: true, cropHitMu: 290, cropLostMu: 100 });
    expect(world.said).toMatchObject([
      {
        shockId: shockIdOf(1),
        principalShockId: shockIdOf(1),
        village: '532327101001',
        state: VillageAnswerState.HIT,
        cropHitCentimu: 29_000n,
      },
    ]);
  });
});

describe('later revisions of a report', () => {
  it('ask nobody again while the area is the same, also when it is over by itself', async () => {
    await world.hear([aReport()]);
    await answer({ hit: false });
    world.clock.advance(HOUR_MS);
    await world.hear([
      aReport({ revision: 2, mu: { '532327101': 900 } }),
      aReport({ revision: 3, state: 'ended', endedBy: ShockEnd.EXPIRY }),
    ]);
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES - 1, [NOT_HIT]: 1 });
    await answer({ hit: true }, SECOND);
    expect(world.said.at(-1)).toMatchObject({ shockId: shockIdOf(1), state: VillageAnswerState.HIT });
  });

  it('that name villages withdraw what is unanswered, and keep what was answered', async () => {
    await world.hear([aReport()]);
    await answer({ hit: true });
    await world.hear([aReport({ revision: 2, mu: { '532327101001': 290, '532327101002': 10 } })]);
    expect(await world.states()).toEqual({ [HIT]: 1, [WITHDRAWN]: VILLAGES - 1 });
  });

  it('that name some of the villages withdraw these, and leave the others asked with their time', async () => {
    await world.hear([aReport()]);
    world.clock.advance(HOUR_MS);
    await world.hear([aReport({ revision: 2, mu: { '532327101': 300, '532327101001': 290 } })]);
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES - 1, [WITHDRAWN]: 1 });
    const due = await world.rows<{ due_at: Date }>('SELECT DISTINCT due_at FROM village_questions WHERE state < 100');
    expect(due).toEqual([{ due_at: new Date(NOW.getTime() + 24 * HOUR_MS) }]);
  });

  it('of a wider area ask who is new to it, and who had been left out; not who has answered', async () => {
    await world.hear([aReport({ mu: { '532327101': 300, '532327101002': 5 } })]);
    await answer({ hit: false });
    await world.hear([
      aReport({ revision: 2, mu: { '532327101002': 5 } }),
      aReport({ revision: 3, mu: { '532327': 2_000 } }),
    ]);
    // Ten had been withdrawn, the second village never asked, the first has answered.
    expect(await world.states()).toEqual({ [NOT_HIT]: 1, [WITHDRAWN]: VILLAGES - 2, [OPEN]: 62 });
    await answer({ hit: true }, SECOND, { round: 2 });
    expect(world.said.at(-1)).toMatchObject({ village: '532327101002', state: VillageAnswerState.HIT });
    const summary = await world.app.transaction(callerOf('532327').scope, (tx) =>
      summarizeQuestions(tx, { shockId: shockIdOf(1) } as never, callerOf('532327'), world.clock.now()),
    );
    expect(summary).toMatchObject({ asked: 63, hit: 1, notHit: 1, open: 61 });
  });

  it('that call it off withdraw, and what had been called off by mistake is asked again', async () => {
    await world.hear([aReport()]);
    await answer({ hit: false });
    await world.hear([aReport({ revision: 2, state: 'cancelled' })]);
    expect(await world.states()).toEqual({ [NOT_HIT]: 1, [WITHDRAWN]: VILLAGES - 1 });
    await world.hear([aReport({ revision: 3 })]);
    expect(await world.states()).toEqual({ [NOT_HIT]: 1, [WITHDRAWN]: VILLAGES - 1, [OPEN]: VILLAGES - 1 });
  });

  it('that come late or twice change nothing', async () => {
    const [first, second] = [aReport(), aReport({ revision: 2, mu: { '532327101': 300, '532327101001': 290 } })];
    await world.hear([first, second]);
    const before = await world.rows('SELECT * FROM village_questions ORDER BY duty_code, origin');
    await world.hear([second, first, second]);
    expect(await world.rows('SELECT * FROM village_questions ORDER BY duty_code, origin')).toEqual(before);
  });
});

describe('a report and a notice', () => {
  it('share the open question of a village, and the report stands for what happened', async () => {
    await world.hear([aNotice({ shock: 2, level: 4 }), aReport()]);
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES });
    await answer({ hit: true }, FIRST, { shock: 2 });
    expect(world.said.map(({ shockId }) => shockId).sort()).toEqual([1, 2].map(shockIdOf));
    expect(new Set(world.said.map(({ principalShockId }) => principalShockId))).toEqual(new Set([shockIdOf(1)]));
  });

  it('of one event ask a village no more that has said to either that it was hit', async () => {
    await world.hear([aNotice({ shock: 2 })]);
    await answer({ hit: true }, FIRST, { shock: 2 });
    await answer({ hit: false }, SECOND, { shock: 2 });
    await world.hear([aReport({ forecast: 2 })]);
    // The second is asked again: somebody was hit after all. The ten others are asked by both.
    expect(await world.states()).toEqual({ [HIT]: 1, [NOT_HIT]: 1, [OPEN]: VILLAGES - 1 });
    await world.clear();
    await world.hear([aReport({ forecast: 2 })]);
    await answer({ hit: true });
    await answer({ hit: false }, SECOND);
    await world.hear([aNotice({ shock: 2 })]);
    expect(await world.states()).toEqual({ [HIT]: 1, [NOT_HIT]: 1, [OPEN]: VILLAGES - 1 });
  });

  it('leave the question to the other when one of them is called off', async () => {
    await world.hear([aNotice({ shock: 2 }), aReport(), aReport({ revision: 2, state: 'cancelled' })]);
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES });
    expect((await list()).items[0]?.text).toBe('7月18日暴雨红色预警已结束，请报本村是否受灾（未受灾也要报）');
  });

  it('of one shock: a notice that becomes what has happened asks by its figures', async () => {
    await world.hear([aNotice()]);
    await answer({ hit: false });
    await world.hear([aReport({ revision: 2, lane: Lane.ALERT })]);
    // Whoever has answered that the warning did no harm is asked about what was reported since.
    expect(await world.states()).toEqual({ [NOT_HIT]: 1, [WITHDRAWN]: VILLAGES - 1, [OPEN]: VILLAGES });
  });
});
