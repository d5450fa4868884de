import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, FindingKind, FindingState, topics, TriageOutcome, type CaseEvent } from '@fangpin/contracts';
import { composeDerivedId, parseDerivedId } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EpisodePage, EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import { finding } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, dutyOf, hail, profile, revision, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = [1, 2, 3].map((id) => ({ id, maize: 400, perCapitaYuan: 9_000, wageYuan: 20_000 }));
const home = (id: number): HouseholdSpec => county[id - 1] as HouseholdSpec;

describe('what feeds risk episodes', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
    await eventually(async () => {
      const rows = await sql('SELECT 1 FROM exposure_a WHERE per_capita_fen > 0 AND active');
      expect(rows).toHaveLength(county.length);
    });
  });
  afterAll(() => world.stop());

  const sql = (text: string): Promise<Record<string, unknown>[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query(text));
  const get = async <T>(path: string, region = '532327'): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('helper', region)}` };
    return (await world.app.inject({ url: `/v1/${path}`, headers })).json<T>();
  };
  const episode = (id: string): Promise<EpisodeWithSteps> => get(`risk-episodes/${id}`);
  const find = async (id: string, household: number, version: number, withdrawn = false): Promise<void> => {
    const state = withdrawn ? FindingState.WITHDRAWN : FindingState.RAISED;
    const death = { kind: FindingKind.DEATH_OF_EARNER, department: 'civil-affairs' };
    await world.findings(finding(home(household), { ...death, findingId: id, version, state }));
  };
  const says = (body: CaseEvent['body'], township = YONGDING): Promise<void> =>
    world.producer.send(topics.case, [
      encodeEvent(topics.case, create(CaseEventSchema, { body }), { key: String(township) }),
    ]);
  const steps = async (caseOrigin: number, household: number, state: string, version: number): Promise<void> =>
    says({
      case: 'stepped',
      value: {
        $typeName: 'fangpin.cases.v1.CaseStepped',
        caseId: composeDerivedId({ origin: caseOrigin, householdId: household }),
        householdId: BigInt(household),
        dutyCode: BigInt(dutyOf(home(household))),
        revision: BigInt(revision(version)),
        state,
        action: 'step',
        steppedMs: 0n,
      },
    });

  it('are findings of departments as well, which a shock joins in one picture, and which go when they are withdrawn', async () => {
    const [finding, shock] = [randomUUID(), randomUUID()];
    await find(finding, 1, 1);
    await eventually(async () => expect((await episode('1.labour-lost.1')).state).toBe('open'));
    await world.shock(hail({ id: shock, policyVersion: world.policyVersion, regions: [String(YONGDING)] }));
    await world.settled(shock, 'done');
    await eventually(async () => {
      const { episodes } = await get<PictureResponse>('risk-pictures/1');
      expect(episodes.map(({ cause }) => cause).sort()).toEqual(['crop-disaster', 'labour-lost']);
    });
    const { reasons, text } = await get<PictureResponse>('risk-pictures/1');
    expect(reasons).toContain('earnerLost');
    expect(text).toContain('失去主要劳动力');
    await find(finding, 1, 2, true);
    await eventually(async () => expect(await episode('1.labour-lost.1')).toMatchObject({ endedWhy: 'recalled' }));
    expect((await get<PictureResponse>('risk-pictures/1')).episodes).toHaveLength(1);
  });

  it('are cases too: one that has ended no longer stands for the alerts attached to it, and does when it is taken up again', async () => {
    const before = await episode('2.crop-disaster.1');
    const { origin } = parseDerivedId(before.fedBy[0]?.alertId ?? '');
    const [alert] = await sql(
      `SELECT max(revision) AS revision FROM alerts WHERE origin = ${origin} AND household_id = 2`,
    );
    const caseOrigin = 4_711;
    await says({
      case: 'triage',
      value: {
        $typeName: 'fangpin.cases.v1.TriageBatch',
        shockId: randomUUID(),
        origin: BigInt(origin),
        alertRevision: BigInt(Number(alert?.['revision'])),
        township: String(YONGDING),
        householdIds: [2n],
        outcomes: [TriageOutcome.ATTACHED],
        caseOrigins: [BigInt(caseOrigin)],
      },
    });
    await steps(caseOrigin, 2, 'removed', 1);
    await eventually(async () => expect((await episode('2.crop-disaster.1')).easingSince).not.toBeNull());
    expect((await get<PictureResponse>('risk-pictures/2')).projection).toBeNull();
    await steps(caseOrigin, 2, 'monitored', 2);
    await eventually(async () => expect((await episode('2.crop-disaster.1')).easingSince).toBeNull());
    const { answers } = await get<PictureResponse>('risk-pictures/2');
    expect(answers).toMatchObject([
      { outcome: 'attached', caseState: 'monitored', caseId: composeDerivedId({ origin: caseOrigin, householdId: 2 }) },
    ]);
    // The case of another household changes nothing here.
    expect(await episode('3.crop-disaster.1')).toMatchObject({ state: 'open', easingSince: null });
  });

  /** It still has its field where it lived. */
  const move = async (household: number): Promise<void> => {
    const dutyCode = dutyOf({ id: household, township: YIJIU });
    const moved = { ...home(household), version: 2 };
    const place = { dutyCode: BigInt(dutyCode) };
    await world.households([Object.assign(profile(moved), place)], [Object.assign(assessment(moved), place)]);
    const there = `SELECT 1 FROM exposure_a WHERE household_id = ${household} AND duty_code = ${dutyCode}`;
    await eventually(async () => expect(await sql(there)).toHaveLength(1));
  };

  it('move with the household', async () => {
    await move(3);
    await find(randomUUID(), 3, 1);
    await eventually(async () => {
      const { items } = await get<EpisodePage>('risk-episodes?householdId=3', String(YIJIU));
      expect(items.map(({ cause }) => cause)).toEqual(['crop-disaster', 'labour-lost']);
    });
    expect((await get<EpisodePage>('risk-episodes?householdId=3', String(YONGDING))).items).toEqual([]);
  });

  it('stay with the household when what was found where it lived before is taken back', async () => {
    const finding = randomUUID();
    await find(finding, 2, 1);
    await eventually(async () => expect((await episode('2.labour-lost.1')).state).toBe('open'));
    await move(2);
    const openThere = `SELECT 1 FROM risk_episodes WHERE household_id = 2 AND state = 'open' AND duty_code = ${dutyOf({ id: 2, township: YIJIU })}`;
    await eventually(async () => expect(await sql(openThere)).toHaveLength(2));
    await find(finding, 2, 2, true);
    await eventually(async () => expect((await episode('2.labour-lost.1')).endedWhy).toBe('recalled'));
    expect(await sql(openThere)).toHaveLength(1);
    expect((await get<EpisodePage>('risk-episodes?householdId=2', String(YONGDING))).items).toEqual([]);
  });

  it('stand in the contract that the service publishes', async () => {
    const document = await world.app.inject({ url: '/openapi.json' });
    const { paths } = document.json<{ paths: Record<string, object> }>();
    for (const path of ['risk-episodes', 'risk-episodes/{id}', 'risk-pictures/{householdId}'])
      expect(Object.keys(paths[`/v1/${path}`] ?? {})).toContain('get');
    for (const path of ['risk-episodes/{id}/told', 'risk-pictures/{householdId}/told'])
      expect(Object.keys(paths[`/v1/${path}`] ?? {})).toContain('post');
  });
});
