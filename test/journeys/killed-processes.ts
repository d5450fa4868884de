import { describe, expect, it } from '@jest/globals';
import { expectAllAccountedFor, farmersIn } from './accounts.ts';
import { recall, strike } from './shocks.ts';
import { halfway, inTheMiddle, slicesOf, withSlowWrites } from './slow-writes.ts';
import { COUNTY, type World } from './world.ts';

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
  });
}
