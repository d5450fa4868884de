import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Lane, ShockEnd, VillageAnswerState } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { askOriginOf, questionIdOf } from '../src/village-questions/question-id.js';
import { NOW, shockIdOf } from './harness.js';
import { aNotice, callerOf, questionsOnDatabase, type QuestionsOnDatabase } from './notices.js';

const OPEN = 1;
const HIT = 101;
const NOT_HIT = 102;
const WITHDRAWN = 103;
const VILLAGES = 12;
const HOUR_MS = 3_600_000;
const village = 532327101001000;

let world: QuestionsOnDatabase;
beforeAll(async () => {
  world = await questionsOnDatabase();
});
beforeEach(() => world.clear());
afterAll(() => world.db.drop());

const idOf = (dutyCode = village, shock = 1, round = 1): string =>
  questionIdOf({ origin: askOriginOf(shockIdOf(shock), round), dutyCode });

const answer = (
  body: Record<string, unknown>,
  { id = idOf(), ifMatch, region = '532327' }: { id?: string; ifMatch?: string; region?: string } = {},
) => world.recordAnswer.execute({ id, body, ifMatch, idempotencyKey: undefined, caller: callerOf(region) });

const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown as { code: string },
  );
  return error?.code ?? 'none';
};

const dueTimes = async (): Promise<Date[]> =>
  (await world.rows<{ due_at: Date }>('SELECT DISTINCT due_at FROM village_questions ORDER BY due_at')).map(
    ({ due_at: due }) => due,
  );

describe('a notice that has ended', () => {
  it('asks every village in it once, due by the hours of policy from its end', async () => {
    const at = new Date(NOW.getTime() - HOUR_MS);
    await world.hear([aNotice()], { at });
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES });
    expect(await dueTimes()).toEqual([new Date(at.getTime() + 24 * HOUR_MS)]);
  });

  it('asks the sixty-three villages of the county, and none of a farm', async () => {
    await world.hear([aNotice({ regions: ['532327'] })]);
    expect(await world.states()).toEqual({ [OPEN]: 63 });
  });

  it('asks a whole province at once, within its cell', async () => {
    await world.hear([aNotice({ regions: ['53'] })]);
    const all = (await world.states())[OPEN];
    expect(all).toBeGreaterThan(14_000);
    await world.clear();
    await world.hear([aNotice({ regions: ['53'] })], { cell: '5323' as RegionCode });
    const inCell = (await world.states())[OPEN] ?? 0;
    expect(inCell).toBeGreaterThan(1_000);
    expect(inCell).toBeLessThan(1_300);
  });

  it('asks from the receipt where its hours ran out before anybody was asked', async () => {
    await world.hear([aNotice()], { at: new Date('2026-07-01T08:00:00+08:00') });
    expect(await dueTimes()).toEqual([new Date(NOW.getTime() + 24 * HOUR_MS)]);
  });

  it('asks nobody from another lane, while it is open, or when it was called off or taken over', async () => {
    await world.hear([
      aNotice({ shock: 1, lane: Lane.ALERT }),
      aNotice({ shock: 2, state: 'open' }),
      aNotice({ shock: 3, state: 'cancelled' }),
      aNotice({ shock: 4, endedBy: ShockEnd.TAKEN_OVER }),
    ]);
    expect(await world.states()).toEqual({});
  });
});

describe('revisions', () => {
  it('change nothing when they are repeated or come late', async () => {
    await world.hear([aNotice({ revision: 1, state: 'open' }), aNotice({ revision: 2 })]);
    const before = await world.rows('SELECT * FROM village_questions ORDER BY duty_code');
    await world.hear([aNotice({ revision: 2 }), aNotice({ revision: 1, state: 'open' }), aNotice({ revision: 2 })]);
    expect(await world.rows('SELECT * FROM village_questions ORDER BY duty_code')).toEqual(before);
  });

  it('ask only the villages that came to it when its area grows after its end', async () => {
    await world.hear([aNotice()]);
    world.clock.advance(HOUR_MS);
    await world.hear([aNotice({ revision: 2, regions: ['532327'] })]);
    expect(await world.states()).toEqual({ [OPEN]: 63 });
    // Both run from the end of the notice.
    expect(await dueTimes()).toEqual([new Date(NOW.getTime() + 24 * HOUR_MS)]);
  });

  it('that cancel the notice withdraw what is unanswered and keep what was answered', async () => {
    await world.hear([aNotice()]);
    await answer({ hit: true });
    await world.hear([aNotice({ revision: 2, state: 'cancelled' })]);
    expect(await world.states()).toEqual({ [HIT]: 1, [WITHDRAWN]: VILLAGES - 1 });
    expect(await refusal(answer({ hit: false }, { id: idOf(532327101002000) }))).toBe('VILLAGE_QUESTION.WITHDRAWN');
  });

  it('that open it again withdraw, and its next end asks anew', async () => {
    await world.hear([aNotice()]);
    const { etag } = await answer({ hit: false });
    await world.hear([aNotice({ revision: 2, state: 'open' }), aNotice({ revision: 3 })]);
    expect(await world.states()).toEqual({ [NOT_HIT]: 1, [WITHDRAWN]: VILLAGES - 1, [OPEN]: VILLAGES });
    await answer({ hit: true }, { id: idOf(village, 1, 2) });
    expect(world.said.map(({ state }) => state)).toEqual([VillageAnswerState.NOT_HIT, VillageAnswerState.HIT]);
    // The later answer holds, although it is the first of its question, and what is put right of the earlier one is not told.
    expect(Number(world.said[1]?.revision)).toBeGreaterThan(Number(world.said[0]?.revision));
    await answer({ hit: true, housesDamaged: 1 }, { ifMatch: etag });
    expect(world.said).toHaveLength(2);
  });

  it('do not ask a village anew that has said that it was hit', async () => {
    await world.hear([aNotice()]);
    await answer({ hit: true });
    await world.hear([aNotice({ revision: 2, state: 'open' }), aNotice({ revision: 3 })]);
    expect(await world.states()).toEqual({ [HIT]: 1, [WITHDRAWN]: VILLAGES - 1, [OPEN]: VILLAGES - 1 });
  });
});

describe('several notices of one night', () => {
  const five = [1, 2, 3, 4, 5].map((shock) => aNotice({ shock, level: shock === 3 ? 4 : 3 }));

  it('ask a village once, by the first due time, and one answer counts for all', async () => {
    await world.hear(five.slice(0, 2));
    world.clock.advance(HOUR_MS);
    await world.hear(five.slice(2));
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES });
    expect(await dueTimes()).toEqual([new Date(NOW.getTime() + 24 * HOUR_MS)]);
    await answer({ hit: false });
    expect(world.said.map(({ shockId }) => shockId).sort()).toEqual([1, 2, 3, 4, 5].map(shockIdOf));
    expect(new Set(world.said.map((said) => said.village))).toEqual(new Set(['532327101001']));
    // The gravest of them stands for what happened.
    expect(new Set(world.said.map((said) => said.principalShockId))).toEqual(new Set([shockIdOf(3)]));
  });

  it('leave the question open while one of them still asks', async () => {
    await world.hear(five);
    await world.hear(five.slice(0, 4).map((_, i) => aNotice({ shock: i + 1, revision: 2, state: 'cancelled' })));
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES });
    await answer({ hit: true });
    expect(world.said).toMatchObject([{ shockId: shockIdOf(5), principalShockId: shockIdOf(5) }]);
    await world.hear([aNotice({ shock: 5, revision: 2, state: 'cancelled' })]);
    expect(await world.states()).toEqual({ [HIT]: 1, [WITHDRAWN]: VILLAGES - 1 });
  });

  it('ask anew once the village has answered', async () => {
    await world.hear([aNotice({ shock: 1 })]);
    await answer({ hit: false });
    await world.hear([aNotice({ shock: 2 })]);
    expect(await world.states()).toEqual({ [NOT_HIT]: 1, [OPEN]: VILLAGES });
  });
});

describe('an answer', () => {
  beforeEach(() => world.hear([aNotice()]));

  it('is told with its figures', async () => {
    const taken = await answer({ hit: true, cropHitMu: 120.5, cropLostMu: 30, housesDamaged: 3, products: ['玉米'] });
    expect(taken).toMatchObject({ village: '532327101001', state: 'hit', stateLabel: '受灾', changed: true });
    expect(world.said).toMatchObject([
      {
        shockId: shockIdOf(1),
        village: '532327101001',
        state: VillageAnswerState.HIT,
        cropHitCentimu: 12_050n,
        cropLostCentimu: 3_000n,
        housesCollapsed: 0,
        housesDamaged: 3,
        products: [2],
        answeredMs: BigInt(NOW.getTime()),
      },
    ]);
  });

  it('given again changes nothing', async () => {
    const first = await answer({ hit: false, note: '巡查无损失' });
    const again = await answer({ hit: false });
    expect(again).toEqual({ ...first, changed: false });
    expect(world.said).toHaveLength(1);
  });

  it('is put right under the ETag of what it corrects, for the hours of policy', async () => {
    const { etag } = await answer({ hit: true });
    expect(await refusal(answer({ hit: false }))).toBe('PRECONDITION.REQUIRED');
    expect(await refusal(answer({ hit: false }, { ifMatch: '"7"' }))).toBe('PRECONDITION.FAILED');
    world.clock.advance(71 * HOUR_MS);
    const corrected = await answer({ hit: false }, { ifMatch: etag });
    expect(corrected).toMatchObject({ state: 'not-hit', changed: true });
    world.clock.advance(2 * HOUR_MS);
    expect(await refusal(answer({ hit: true }, { ifMatch: corrected.etag }))).toBe('VILLAGE_QUESTION.CORRECTION_OVER');
    expect(world.said.map(({ state }) => state)).toEqual([VillageAnswerState.HIT, VillageAnswerState.NOT_HIT]);
    expect(Number(world.said[1]?.revision)).toBeGreaterThan(Number(world.said[0]?.revision));
    const log = await world.rows<{ hit: boolean }>('SELECT hit FROM village_answer_log ORDER BY revision');
    expect(log.map(({ hit }) => hit)).toEqual([true, false]);
  });

  it('is taken late', async () => {
    world.clock.advance(30 * HOUR_MS);
    expect(await answer({ hit: false })).toMatchObject({ changed: true });
  });

  it('is refused with every bad member named', async () => {
    await expect(answer({ hit: false, cropHitMu: 3 })).rejects.toMatchObject({ problems: [{ field: 'cropHitMu' }] });
    await expect(answer({ hit: true, cropHitMu: 1, cropLostMu: 2, products: ['金子'] })).rejects.toMatchObject({
      problems: [{ field: 'cropLostMu' }, { field: 'products[0]' }],
    });
    await expect(answer({ cropHitMu: 1.234, name: '某' })).rejects.toThrow(/hit.*|cropHitMu.*|name/);
    expect(await world.states()).toEqual({ [OPEN]: VILLAGES });
  });

  it('of another area is not found', async () => {
    expect(await refusal(answer({ hit: false }, { region: '532328' }))).toBe('VILLAGE_QUESTION.NOT_FOUND');
  });
});

describe('a zero report of a township', () => {
  const report = (villages: readonly string[], region = '532327101') =>
    world.recordZeroReports.execute({
      body: { hit: false, villages, note: '电话核实' },
      idempotencyKey: undefined,
      caller: callerOf(region, 'township-caseworker'),
    });
  const codes = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, i) => `532327101${String(from + i).padStart(3, '0')}`);

  it('answers for many villages and names those that it cannot answer for', async () => {
    await world.hear([aNotice()]);
    await answer({ hit: true });
    await answer({ hit: false }, { id: idOf(532327101002000) });
    const taken = await report([...codes(1, 3), '532327101999', '532327101003']);
    expect(taken).toEqual({
      answered: 1,
      unchanged: 1,
      refused: [
        { village: '532327101001', code: 'VILLAGE_QUESTION.ANSWERED_HIT', text: expect.any(String) },
        { village: '532327101999', code: 'VILLAGE_QUESTION.NOT_ASKED', text: expect.any(String) },
      ],
    });
    expect(await world.states()).toEqual({ [HIT]: 1, [NOT_HIT]: 2, [OPEN]: VILLAGES - 3 });
    expect(world.said.at(-1)).toMatchObject({ village: '532327101003', state: VillageAnswerState.NOT_HIT });
    // The same report again finds all of it answered.
    expect(await report(codes(2, 3))).toMatchObject({ answered: 0, unchanged: 2 });
  });

  it('takes nothing for a village of another township', async () => {
    await world.hear([aNotice({ regions: ['532327'] })]);
    expect(await refusal(report(['532327101001', '532327102201']))).toBe('SCOPE.OUTSIDE');
    expect(await world.states()).toEqual({ [OPEN]: 63 });
  });

  it('is of zero: 受灾 is answered village by village', async () => {
    const body = { hit: true, villages: ['532327101001'] };
    await expect(
      world.recordZeroReports.execute({ body, idempotencyKey: undefined, caller: callerOf('532327') }),
    ).rejects.toThrow('hit');
  });
});

it('keeps a question, its answer and its notices within the scope of the village', async () => {
  await world.hear([aNotice({ regions: ['532327'] })]);
  await answer({ hit: true });
  const count = (table: string, region: string) =>
    world.app.transaction(callerOf(region).scope, async (tx) => {
      const [row] = await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      return row?.n;
    });
  expect(await count('village_questions', '532327101')).toBe(VILLAGES);
  expect(await count('question_notices', '532327101')).toBe(VILLAGES);
  expect(await count('village_answer_log', '532327101')).toBe(1);
  expect(await count('village_answer_log', '532327102')).toBe(0);
  await expect(
    world.app.transaction(callerOf('532327').scope, (tx) => tx.execute('UPDATE village_answer_log SET hit = false')),
  ).rejects.toThrow('permission denied');
});
