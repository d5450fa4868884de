import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import { ledgerFaults, type FanOut } from '../../scripts/lib/client/fan-out.ts';
import { alertedBy, farmersIn, stillAskedFor } from './accounts.ts';
import { recall, strike } from './shocks.ts';
import { COUNTY, type World } from './world.ts';

interface Livelihood {
  product: string;
  name: string;
  kind: string;
  place: string;
  mu?: number;
}

interface Household {
  id: number;
  etag: string;
  villageCode: string;
  livelihoods: Livelihood[];
}

interface AlertView {
  region: string;
  status: string;
  lossFen: number;
  revision: number;
}

export function changedHouseholds(world: () => World): void {
  describe('a household that changes while its shock is open', () => {
    let shockId = '';
    let farmers: number[] = [];

    beforeAll(async () => {
      shockId = await strike(world());
      await world().follow(shockId);
      farmers = await alertedBy(world(), shockId);
    }, 120_000);

    afterAll(async () => {
      await recall(world(), shockId);
    }, 120_000);

    async function change(id: number, changes: object): Promise<void> {
      const { etag } = await world().operator.get<Household>(`/v1/households/${id}`);
      const answer = await world().operator.request('PATCH', `/v1/households/${id}`, changes, {
        headers: { 'if-match': etag },
      });
      expect(answer).toMatchObject({ status: 200 });
    }

    async function alertOf(id: number): Promise<AlertView | undefined> {
      const path = `/v1/alerts?shockId=${shockId}&householdId=${id}&limit=5`;
      const { items } = await world().operator.get<{ items: AlertView[] }>(path);
      expect(items.length).toBeLessThanOrEqual(1);
      return items[0];
    }

    async function settledAgain(): Promise<FanOut> {
      const fanOut = await world().follow(shockId, { until: ({ state }) => state === 'done' });
      expect(ledgerFaults(fanOut)).toEqual([]);
      return fanOut;
    }

    it('loses its alert, and nobody is asked to visit it, when it has no crop any more', async () => {
      const id = farmers[0] as number;
      await change(id, { livelihoods: [] });
      await eventually(async () => expect((await alertOf(id))?.status).toBe('withdrawn'));
      await eventually(async () => expect(await stillAskedFor(world(), shockId)).not.toContain(id));
      await settledAgain();
    });

    it('is found when it begins to farm in the area', async () => {
      const known = await world().sql<{ id: number }>(
        'household-registry',
        `SELECT household_id AS id FROM households h WHERE state = 1 AND NOT EXISTS (
           SELECT FROM livelihoods l WHERE l.household_id = h.household_id AND product < 100)
         AND household_id <> ALL ($1::bigint[]) ORDER BY 1 LIMIT 1`,
        // Whoever has farmed has been alerted once.
        [farmers],
      );
      const id = Number(known[0]?.id);
      expect(await alertOf(id)).toBeUndefined();
      const before = await settledAgain();
      const { livelihoods } = await world().operator.get<Household>(`/v1/households/${id}`);
      const others = livelihoods.map(({ name: _name, kind: _kind, ...given }) => given);
      await change(id, { livelihoods: [...others, { product: 'tobacco', mu: 30 }] });
      await eventually(async () => expect((await alertOf(id))?.status).toBe('raised'));
      expect((await settledAgain()).exposed).toBe(before.exposed + 1);
    });

    it('has its alert revised when it farms more', async () => {
      const id = farmers[1] as number;
      const before = await alertOf(id);
      const { villageCode } = await world().operator.get<Household>(`/v1/households/${id}`);
      await change(id, { livelihoods: [{ product: 'tobacco', place: villageCode, mu: 40 }] });
      await eventually(async () => {
        const now = await alertOf(id);
        expect(now?.revision).toBeGreaterThan(before?.revision ?? 0);
        expect(now?.lossFen).toBeGreaterThan(before?.lossFen ?? 0);
      });
      await settledAgain();
    });

    it('is looked after by its new village when it moves', async () => {
      const id = farmers[2] as number;
      const { villageCode } = await world().operator.get<Household>(`/v1/households/${id}`);
      const [other] = await world().sql<{ village: string }>(
        'household-registry',
        `SELECT left(duty_code::text, 12) AS village FROM households WHERE left(duty_code::text, 9) <> $1 LIMIT 1`,
        [villageCode.slice(0, 9)],
      );
      await change(id, { villageCode: other?.village });
      await eventually(async () => expect((await alertOf(id))?.region).toBe(other?.village));
      await settledAgain();
    });

    it('is visited no more when it leaves, though its alert stands, and is asked again when it is back', async () => {
      const visited = (): Promise<readonly number[]> => stillAskedFor(world(), shockId);
      // Of some the journeys before have answered what this shock would ask.
      const asked = new Set(await visited());
      const id = farmers.slice(3).find((one) => asked.has(one)) as number;
      await change(id, { state: 'moved-out' });
      await eventually(async () => expect(await visited()).not.toContain(id));
      expect((await settledAgain()).withdrawn).toBe(1);
      expect((await alertOf(id))?.status).toBe('raised');
      await change(id, { state: 'active' });
      await eventually(async () => expect(await visited()).toContain(id));
      await settledAgain();
    });

    it('leaves everybody else as they were', async () => {
      const now = new Set(await alertedBy(world(), shockId));
      expect(farmers.slice(3).filter((id) => !now.has(id))).toEqual([]);
      expect((await farmersIn(world(), COUNTY)).length).toBeGreaterThanOrEqual(now.size);
    });
  });
}
