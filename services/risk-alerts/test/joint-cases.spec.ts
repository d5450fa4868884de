import { randomUUID } from 'node:crypto';
import { parseDerivedId } from '@fangpin/domain-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AlertResponse } from '../src/alerts/alert.responses.js';
import { EpisodeWorker } from '../src/episodes/episode-worker.js';
import { JointDesk } from './support/joint-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, pigPriceFall, profile, YONGDING } from './support/world.js';

const household = { id: 11, maize: 600, pigs: 3, perCapitaYuan: 10_800 };

describe('the case of a joint alert', () => {
  let world: World;
  const desk = new JointDesk(() => world);
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
      const [first] = await desk.jointsOf(household.id);
      if (first === undefined) throw new Error('nothing joint stands');
      return first;
    });
  });
  afterAll(() => world.stop());

  const steps = async (version: number, state: string): Promise<void> => {
    await desk.steps(joint.id, household, version, state, 'verify');
    await eventually(async () => {
      expect(await desk.sql('SELECT state FROM case_states')).toEqual([{ state }]);
      await world.app.get(EpisodeWorker).round();
      expect(await desk.sql('SELECT 1 FROM episode_case_steps')).toEqual([]);
    });
  };
  it('keeps the alert as it was though the time of its parts is over, and ends it without a word', async () => {
    const { origin } = parseDerivedId(joint.id);
    await desk.opens(joint, household.id);
    await eventually(async () =>
      expect(
        await desk.sql(`SELECT 1 FROM triage_answers WHERE origin = ${origin} AND case_origins[1] > 0`),
      ).toHaveLength(1),
    );
    await steps(1, 'clue');
    let back = await desk.daysLater(366);
    await steps(2, 'verifying');
    back();
    back = await desk.daysLater(385);
    await steps(3, 'assisting');
    expect(await desk.jointsOf(household.id)).toMatchObject([
      { id: joint.id, status: 'raised', revision: joint.revision },
    ]);
    expect(await desk.sql('SELECT state, cardinality(members) AS parts, due_at FROM joint_alerts')).toEqual([
      { state: 'raised', parts: 2, due_at: null },
    ]);
    expect(await desk.sql('SELECT 1 FROM episode_alerts WHERE held > 0 AND case_open')).toHaveLength(2);
    await steps(4, 'removed');
    expect(await desk.sql('SELECT state FROM joint_alerts')).toEqual([{ state: 'over' }]);
    expect(await desk.jointsOf(household.id)).toMatchObject([
      { id: joint.id, status: 'raised', revision: joint.revision },
    ]);
    back();
  });
});
