import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, topics, TriageOutcome, type CaseEvent } from '@fangpin/contracts';
import { parseDerivedId, type Clock } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AlertPage, AlertResponse } from '../src/alerts/alert.responses.js';
import { EpisodeWorker } from '../src/episodes/episode-worker.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, dutyOf, hail, pigPriceFall, profile, revision, YONGDING } from './support/world.js';

const DAY_MS = 86_400_000;
const household = { id: 11, maize: 600, pigs: 3, perCapitaYuan: 10_800 };

describe('the case of a joint alert', () => {
  let world: World;
  let joint: AlertResponse;

  beforeAll(async () => {
    world = await startWorld();
    await world.households([profile(household)], [assessment(household)]);
    const storm = randomUUID();
    await world.shock(hail({ id: storm, policyVersion: world.policyVersion, regions: [String(YONGDING)], level: 3 }));
    await world.settled(storm, 'done');
    const pigs = randomUUID();
    await world.shock(pigPriceFall({ id: pigs, policyVersion: world.policyVersion }, 3_246, 1_093));
    await world.settled(pigs, 'done');
    joint = await eventually(async () => {
      const [first] = await jointsOf();
      if (first === undefined) throw new Error('nothing joint stands');
      return first;
    });
  });
  afterAll(() => world.stop());

  const sql = (text: string): Promise<Record<string, unknown>[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query(text));
  const jointsOf = async (): Promise<AlertResponse[]> => {
    const headers = { authorization: `Bearer ${await world.token('county-officer')}` };
    const url = `/v1/alerts?householdId=${household.id}&limit=200`;
    const { items } = (await world.app.inject({ url, headers })).json<AlertPage>();
    return items.filter(({ cause }) => cause === 'several');
  };
  const says = (body: CaseEvent['body']): Promise<void> =>
    world.producer.send(topics.case, [
      encodeEvent(topics.case, create(CaseEventSchema, { body }), { key: String(YONGDING) }),
    ]);
  const steps = async (version: number, state: string): Promise<void> => {
    await says({
      case: 'stepped',
      value: {
        $typeName: 'fangpin.cases.v1.CaseStepped',
        caseId: joint.id,
        householdId: BigInt(household.id),
        dutyCode: BigInt(dutyOf(household)),
        revision: BigInt(revision(version)),
        state,
        action: 'verify',
        steppedMs: 0n,
      },
    });
    await eventually(async () => {
      expect(await sql('SELECT state FROM case_states')).toEqual([{ state }]);
      await world.app.get(EpisodeWorker).round();
      expect(await sql('SELECT 1 FROM episode_case_steps')).toEqual([]);
    });
  };
  /** As if so many days had passed since the alerts were raised, until that is called. */
  const daysLater = async (days: number): Promise<() => void> => {
    const clock = world.app.get<Clock>(CLOCK);
    const later = jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + days * DAY_MS));
    await eventually(async () => {
      await world.app.get(EpisodeWorker).round();
      for (const table of ['episode_alerts', 'joint_alerts'])
        expect(await sql(`SELECT 1 FROM ${table} WHERE due_at <= '${clock.now().toISOString()}' LIMIT 1`)).toEqual([]);
    });
    return () => later.mockRestore();
  };

  it('keeps the alert as it was though the time of its parts is over, and ends it without a word', async () => {
    const { origin } = parseDerivedId(joint.id);
    await says({
      case: 'triage',
      value: {
        $typeName: 'fangpin.cases.v1.TriageBatch',
        shockId: joint.id,
        origin: BigInt(origin),
        alertRevision: BigInt(joint.revision),
        township: String(YONGDING),
        householdIds: [BigInt(household.id)],
        outcomes: [TriageOutcome.OPENED],
        caseOrigins: [BigInt(origin)],
      },
    });
    await eventually(async () =>
      expect(await sql(`SELECT 1 FROM triage_answers WHERE origin = ${origin} AND case_origins[1] > 0`)).toHaveLength(
        1,
      ),
    );
    await steps(1, 'clue');
    let back = await daysLater(366);
    await steps(2, 'verifying');
    back();
    back = await daysLater(385);
    await steps(3, 'assisting');
    expect(await jointsOf()).toMatchObject([{ id: joint.id, status: 'raised', revision: joint.revision }]);
    expect(await sql('SELECT state, cardinality(members) AS parts, due_at FROM joint_alerts')).toEqual([
      { state: 'raised', parts: 2, due_at: null },
    ]);
    expect(await sql('SELECT 1 FROM episode_alerts WHERE held > 0 AND case_open')).toHaveLength(2);
    await steps(4, 'removed');
    expect(await sql('SELECT state FROM joint_alerts')).toEqual([{ state: 'over' }]);
    expect(await jointsOf()).toMatchObject([{ id: joint.id, status: 'raised', revision: joint.revision }]);
    back();
  });
});
