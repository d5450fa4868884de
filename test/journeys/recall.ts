import { describe, expect, it } from '@jest/globals';
import { textBody } from '../../scripts/lib/client/http-client.ts';
import { expectAllAccountedFor, expectAllRecalled, farmersIn } from './accounts.ts';
import { cancel, capMessage, recall, strike, type IntakeAnswer } from './shocks.ts';
import { halfway, withSlowWrites } from './slow-writes.ts';
import { COUNTY, type World } from './world.ts';

export function recalls(world: () => World): void {
  describe('a shock that is called off', () => {
    const recalled = { until: ({ state }: { state: string }): boolean => state === 'recalled' };

    it('during its fan-out takes back what went out and stops the rest', async () => {
      let shockId = '';
      await withSlowWrites(world(), { service: 'risk-alerts', table: 'alerts', seconds: 0.3 }, async () => {
        shockId = await strike(world());
        await halfway(world(), shockId);
        await cancel(world(), shockId);
      });
      const fanOut = await world().follow(shockId, recalled);
      await expectAllRecalled(world(), fanOut);
      expect(fanOut.alerted).toBeLessThan((await farmersIn(world(), COUNTY)).length);
    });

    it('before any alert of it went out leaves nothing behind', async () => {
      const shockId = await strike(world());
      await cancel(world(), shockId);
      await expectAllRecalled(world(), await world().follow(shockId, recalled));
    });

    it('twice is called off once', async () => {
      const shockId = await strike(world());
      await cancel(world(), shockId);
      await cancel(world(), shockId);
      await expectAllRecalled(world(), await world().follow(shockId, recalled));
    });

    it('keeps, and marks, the case that somebody has begun to work on', async () => {
      const shockId = await strike(world());
      await world().follow(shockId);
      const { items } = await world().operator.get<{ items: { id: string; householdId: number }[] }>(
        `/v1/cases?shockId=${shockId}&state=clue&limit=1`,
      );
      const [begun] = items;
      const officer = await world().clientOf('county-officer', COUNTY);
      const { allowedActions } = await officer.get<{ allowedActions: { action: string; requires: string[] }[] }>(
        `/v1/cases/${begun?.id}`,
      );
      const step = allowedActions.find(({ requires }) => requires.length === 0);
      await officer.post(`/v1/cases/${begun?.id}/actions/${step?.action}`, {});
      const fanOut = await recall(world(), shockId);
      await expectAllRecalled(world(), fanOut);
      expect(fanOut.flagged).toBe(1);
      const kept = await officer.get<{ flaggedAt: string | null; state: string }>(`/v1/cases/${begun?.id}`);
      expect(kept.flaggedAt).not.toBeNull();
      expect(kept.state).not.toBe('withdrawn');
    });

    it('by a CAP Cancel that comes before its alert is called off when the alert comes', async () => {
      const post = (parts: Parameters<typeof capMessage>[0]): Promise<IntakeAnswer> =>
        world().operator.post<IntakeAnswer>(
          '/v1/shocks/cap?asOf=2026-07-18T02:00:00%2B08:00',
          textBody('application/cap+xml', capMessage({ certainty: 'Observed', ...parts })),
        );
      const references = 'journeys.example,journey-late-alert,2026-07-18T02:00:00+08:00';
      await post({ identifier: 'journey-early-cancel', msgType: 'Cancel', references });
      const { shockId } = await post({ identifier: 'journey-late-alert' });
      const shock = await world().operator.get<{ state: string }>(`/v1/shocks/${shockId}`);
      expect(shock.state).toBe('cancelled');
    });

    it('can strike again: the same households are found anew', async () => {
      const shockId = await strike(world());
      await expectAllAccountedFor(world(), await world().follow(shockId), await farmersIn(world(), COUNTY));
      await recall(world(), shockId);
    });
  });
}
