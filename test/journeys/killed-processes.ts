import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafkaBus, type Bus } from '@fangpin/messaging';
import { planRound } from '../../scripts/lib/bench/kills-plan.ts';
import { runRound } from '../../scripts/lib/bench/kills-round.ts';
import { livingHouseholds } from '../../scripts/lib/client/accounts.ts';
import { expectAllAccountedFor, farmersIn } from './accounts.ts';
import { healthInsurance } from './departments.ts';
import { recall, strike } from './shocks.ts';
import { halfway, inTheMiddle, slicesOf, withSlowWrites } from './slow-writes.ts';
import { COUNTY, type World } from './world.ts';

/** Of `npm run bench -- kills`, which does the same a hundred times: rounds that differ in what is killed and sent, and call all of it off. */
const SEED = 1;
const ROUNDS = { 'assistance-cases': 25, gateway: 49, intake: 43, 'risk-alerts': 9 } as const;
const TOWNSHIPS = ['101', '102', '103'].map((township) => `${COUNTY}${township}`);
/** About what a quiet machine needs here. */
const USUAL = { intakeMs: 60, fanOutMs: 900 };

export function killedProcesses(world: () => World): void {
  describe('a service that is killed at work', () => {
    it('risk-alerts in the middle of a fan-out: another life finishes it, none missed, none doubled', async () => {
      let shockId = '';
      await withSlowWrites(world(), { service: 'risk-alerts', table: 'alerts', seconds: 0.4 }, async (speedUp) => {
        shockId = await strike(world());
        await halfway(world(), shockId);
        await inTheMiddle(world(), 'risk-alerts');
        expect(await world().stack.kill('risk-alerts', 'SIGKILL')).toBe(true);
        expect((await slicesOf(world(), shockId)).waiting).toBeGreaterThan(0);
        await speedUp();
        await world().stack.start('risk-alerts');
      });
      await expectAllAccountedFor(world(), await world().follow(shockId), await farmersIn(world(), COUNTY));
      await recall(world(), shockId);
    }, 180_000);

    it('assistance-cases in the middle of a batch: another life finishes it, none missed, none doubled', async () => {
      let shockId = '';
      const slowly = { service: 'assistance-cases', table: 'check_items', seconds: 0.5 } as const;
      await withSlowWrites(world(), slowly, async (speedUp) => {
        shockId = await strike(world());
        await inTheMiddle(world(), 'assistance-cases');
        expect(await world().stack.kill('assistance-cases', 'SIGKILL')).toBe(true);
        await speedUp();
        await world().stack.start('assistance-cases');
      });
      await expectAllAccountedFor(world(), await world().follow(shockId), await farmersIn(world(), COUNTY));
      await recall(world(), shockId);
    }, 180_000);

    describe('at a random instant', () => {
      let bus: Bus;

      beforeAll(() => {
        bus = createKafkaBus({ brokers: [world().servers.kafkaBrokers], clientId: 'journeys' });
      });

      afterAll(() => bus.close());

      it.each(Object.entries(ROUNDS))(
        '%s: every household is found and answered once, and every finding ends as it must',
        async (service, round) => {
          const { servers, stack, sql, operator: client, policyOverlay: overlay } = world();
          const plan = planRound(SEED, round, 1);
          expect(plan.kill.service).toBe(service);
          const area = { region: COUNTY, townships: TOWNSHIPS };
          const department = await healthInsurance(world());
          const households = await livingHouseholds(world());
          const here = { servers, stack, sql, client, bus, area, department, households, overlay, isAlone: true };
          const { faults } = await runRound(here, plan, USUAL);
          expect(faults).toEqual([]);
        },
        180_000,
      );
    });
  });
}
