import { describe, it } from '@jest/globals';
import { expectAllAccountedFor, farmersIn } from './accounts.ts';
import { recall, strike } from './shocks.ts';
import { halfway, withSlowWrites } from './slow-writes.ts';
import { COUNTY, type World } from './world.ts';

export function restartedServers(world: () => World): void {
  describe('a server that crashes in the middle of a fan-out', () => {
    async function through(crash: () => Promise<void>): Promise<void> {
      let shockId = '';
      await withSlowWrites(world(), { service: 'risk-alerts', table: 'alerts', seconds: 0.3 }, async () => {
        shockId = await strike(world());
        await halfway(world(), shockId);
        await crash();
      });
      await expectAllAccountedFor(world(), await world().follow(shockId), await farmersIn(world(), COUNTY));
      await recall(world(), shockId);
    }

    it('PostgreSQL: the fan-out goes on where it was, none missed, none doubled', async () => {
      await through(() => world().servers.restartPostgres('crash'));
    }, 180_000);

    it('Kafka: the fan-out goes on where it was, none missed, none doubled', async () => {
      await through(() => world().servers.restartKafka('crash'));
    }, 180_000);
  });
}
