/** After a restore an operator raises the epoch: what is said then overtakes what had been said after the copy was made (docs/adr/0001). */
import { randomUUID } from 'node:crypto';
import { AlertState, ShockState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertRevision } from '../src/fan-out/alert-revision.js';
import { medicalCost } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, revision, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const RAISED_EPOCH = 2;
const grower: HouseholdSpec = { id: 1, township: YONGDING, maize: 300, perCapitaYuan: 8_000 };
const neighbour: HouseholdSpec = { id: 2, township: YIJIU, perCapitaYuan: 9_000 };

describe('alerts of a restored database whose epoch was raised', () => {
  let world: World;
  const shockId = randomUUID();

  beforeAll(async () => {
    world = await startWorld({ epoch: RAISED_EPOCH });
    await world.households([grower, neighbour].map(profile), [grower, neighbour].map(assessment));
  });
  afterAll(() => world.stop());

  const saidOf = (household: number): { revision: number; state: AlertState }[] =>
    world.batches.flatMap(({ householdIds, revision: said, state }) =>
      householdIds.includes(BigInt(household)) ? [{ revision: Number(said), state }] : [],
    );

  it('overtake those of a slice that had been published after the copy, and all looks since', async () => {
    await world.shock(hail({ id: shockId, policyVersion: world.policyVersion }));
    await world.settled(shockId, 'done');
    const first = alertRevision(revision(1), RAISED_EPOCH);
    expect(saidOf(grower.id)).toEqual([{ revision: first, state: AlertState.RAISED }]);
    expect(first).toBeGreaterThan(alertRevision(revision(1), RAISED_EPOCH - 1, 4_000));
  });

  it('grow with each look', async () => {
    await world.households([], [assessment({ ...grower, version: 2, perCapitaYuan: 6_000 })]);
    await eventually(() =>
      expect(saidOf(grower.id).at(-1)).toEqual({
        revision: alertRevision(revision(1), RAISED_EPOCH, 1),
        state: AlertState.RAISED,
      }),
    );
  });

  it('overtake what was withdrawn under a later revision of the shock', async () => {
    await world.shock(
      hail({ id: shockId, policyVersion: world.policyVersion, version: 2, state: ShockState.CANCELLED }),
    );
    await world.settled(shockId, 'recalled');
    await eventually(() =>
      expect(saidOf(grower.id).at(-1)).toEqual({
        revision: alertRevision(revision(2), RAISED_EPOCH),
        state: AlertState.WITHDRAWN,
      }),
    );
  });

  it('of findings do so too', async () => {
    const finding = medicalCost(neighbour, 30_000);
    await world.findings(finding);
    await eventually(() =>
      expect(saidOf(neighbour.id)).toEqual([
        { revision: alertRevision(Number(finding.revision), RAISED_EPOCH), state: AlertState.RAISED },
      ]),
    );
  });
});
