import { describe, expect, it } from '@jest/globals';
import { dutyRange, parseRegionCode } from '@fangpin/domain-kit';
import { expectAllAccountedFor, expectAllRecalled } from './accounts.ts';
import { recall, strike } from './shocks.ts';
import type { World } from './world.ts';

/** A firm of the made-up county, in 广东省东莞市. */
const FIRM = '91441900FPDEM0001X';

/** Households that live and have a job that meets a condition on `l`, by the register. */
async function workers(world: World, condition: string, values: unknown[]): Promise<number[]> {
  const rows = await world.sql<{ id: number }>(
    'household-registry',
    `SELECT DISTINCT l.household_id AS id FROM households h JOIN livelihoods l USING (household_id)
     WHERE h.state = 1 AND l.kind = 3 AND ${condition}`,
    values,
  );
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

function layOff(regions: string[], facts: object): Record<string, unknown> {
  return {
    kind: 'lay-off',
    observed: true,
    regions,
    onset: '2026-07-18T09:00:00+08:00',
    headline: '企业裁员',
    source: 'journey test',
    layOff: facts,
  };
}

export function layOffs(world: () => World): void {
  describe('a lay-off far away', () => {
    it('of a firm finds exactly the households that work for it, and takes back what was a mistake', async () => {
      const employed = await workers(world(), 'l.employer = $1', [FIRM]);
      expect(employed.length).toBeGreaterThan(10);
      const shockId = await strike(world(), layOff(['4419'], { employer: FIRM }));
      await expectAllAccountedFor(world(), await world().follow(shockId), employed);
      await expectAllRecalled(world(), await recall(world(), shockId));
    });

    it('of a destination finds those of the branch who work there, and no others', async () => {
      const { lo, hi } = dutyRange(parseRegionCode('5104'));
      const there = await workers(world(), 'l.product = 200 AND l.place_code >= $1 AND l.place_code < $2', [lo, hi]);
      const shockId = await strike(world(), layOff(['5104'], { branches: ['建筑'], persons: 400 }));
      await expectAllAccountedFor(world(), await world().follow(shockId), there);
      await recall(world(), shockId);
    });
  });
}
