import { randomUUID } from 'node:crypto';
import { originOf } from '@fangpin/domain-kit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asOwner, compared, QUICK_COMPARISONS } from './support/comparisons.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { TallyDesk } from './support/tally-desk.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

/** Nobody has a field there. */
const MENGHU = 532327103;
const county: HouseholdSpec[] = Array.from({ length: 30 }, (_, i) => {
  const township = [YONGDING, YIJIU, MENGHU][i % 3] as number;
  return { id: i + 1, township, maize: township === MENGHU ? 0 : 400, perCapitaYuan: 8_000 };
});

describe('a township in which a shock has alerted nobody', () => {
  let world: World;
  let desk: TallyDesk;

  beforeAll(async () => {
    world = await startWorld({ env: QUICK_COMPARISONS });
    desk = new TallyDesk(world.producer);
    await desk.listen(world.bus);
    const owners = new OwnersDesk(world.producer);
    owners.know(county.map(profile), county.map(assessment));
    await owners.listen(world.bus);
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const begun = async (): Promise<{ id: string; origin: number }> => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 20 });
    return { id, origin: originOf(id, 'crop-disaster') };
  };

  it('is compared: what the other side holds there and nobody has said here is an alarm', async () => {
    const { id, origin } = await begun();
    expect(await compared(world)).toMatchObject({ compared: 3, agreed: 3, findings: [] });
    desk.at(origin, MENGHU).set(777_777, { revision: 5n, withdrawn: false });
    const { findings } = await compared(world);
    const alarm = { kind: 'never-alerted', state: 'alarm', households: 1, sample: [777_777] };
    expect(findings).toContainEqual(expect.objectContaining({ shockId: id, region: String(MENGHU), ...alarm }));
    desk.at(origin, MENGHU).clear();
    await asOwner(world, 'DELETE FROM triage_answers WHERE origin = $1 AND household_ids @> ARRAY[777777]::bigint[]', [
      origin,
    ]);
  });

  it('is found where the plan has missed it, whoever was touched is judged, and others are not counted as compared', async () => {
    const { id, origin } = await begun();
    for (const table of ['alerts', 'withheld', 'triage_answers'])
      await asOwner(world, `DELETE FROM ${table} WHERE origin = $1 AND duty_code / 1000000 = $2`, [origin, YIJIU]);
    desk.at(origin, YIJIU).clear();
    await asOwner(world, 'UPDATE slices SET townships = array_remove(townships, $2) WHERE origin = $1', [
      origin,
      YIJIU,
    ]);
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 10 });

    const run = await compared(world);
    expect(run.findings).toMatchObject([
      {
        subject: 'judgements',
        shockId: id,
        region: String(YIJIU),
        kind: 'never-judged',
        state: 'mended',
        households: 10,
      },
    ]);
    // Three townships of either shock.
    expect(run.judgements).toMatchObject({ compared: 6, agreed: 5, mended: 1, alarms: 0 });
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 20 });
  });
});
