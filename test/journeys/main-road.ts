import { describe, expect, it } from '@jest/globals';
import { textBody } from '../../scripts/lib/client/http-client.ts';
import { expectAllAccountedFor, expectAllRecalled, farmersIn } from './accounts.ts';
import { capMessage, hailOn, recall, strike, type IntakeAnswer } from './shocks.ts';
import { COUNTY, type World } from './world.ts';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export function mainRoad(world: () => World): void {
  describe('the main road', () => {
    let shockId = '';

    it('leads one hailstorm to every household that farms there, each exactly once', async () => {
      const farmers = await farmersIn(world(), COUNTY);
      expect(farmers.length).toBeGreaterThan(1_000);
      shockId = await strike(world());
      await expectAllAccountedFor(world(), await world().follow(shockId), farmers);
    });

    it('explains each alert with its inputs, its steps and a Chinese sentence', async () => {
      const { items } = await world().operator.get<Page<{ id: string }>>(`/v1/alerts?shockId=${shockId}&limit=3`);
      expect(items).toHaveLength(3);
      for (const { id } of items) {
        const { explanation } = await world().operator.get<{
          explanation: { text: string; steps: unknown[]; policy: { version: string }; recomputed: boolean };
        }>(`/v1/alerts/${id}`);
        expect(explanation.text).toMatch(/[一-龥]/);
        expect(explanation.steps.length).toBeGreaterThan(0);
        expect(explanation.recomputed).toBe(true);
      }
    });

    it('names on every case what may be done and, for the rest, why not', async () => {
      const { items } = await world().operator.get<Page<{ id: string }>>(`/v1/cases?shockId=${shockId}&limit=1`);
      const opened = await world().operator.get<{
        state: string;
        allowedActions: { action: string }[];
        refusedActions: { action: string; reasons: { code: string; text: string }[] }[];
      }>(`/v1/cases/${items[0]?.id}`);
      expect(opened.state).toBe('clue');
      expect(opened.refusedActions.map(({ action }) => action)).toContain('start-removal');
      for (const { reasons } of opened.refusedActions) expect(reasons.length).toBeGreaterThan(0);
    });

    it('shows a township its own households only', async () => {
      const township = `${COUNTY}101`;
      const caseworker = await world().clientOf('township-caseworker', township);
      const own = await caseworker.get<Page<{ region: string }>>(`/v1/check-items?shockId=${shockId}&limit=200`);
      expect(own.items.length).toBeGreaterThan(0);
      for (const { region } of own.items) expect(region.slice(0, 9)).toBe(township);
      const other = await caseworker.request('GET', `/v1/check-items?region=${COUNTY}102&limit=1`);
      expect(other.status).toBe(403);
    });

    it('takes the same report five times, even at once, as one shock', async () => {
      const report = hailOn(`${COUNTY}101`);
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => world().operator.post<IntakeAnswer>('/v1/shocks', report)),
      );
      expect(new Set(answers.map((answer) => answer.shockId)).size).toBe(1);
      expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
      const id = answers[0]?.shockId ?? '';
      await expectAllAccountedFor(world(), await world().follow(id), await farmersIn(world(), `${COUNTY}101`));
      await recall(world(), id);
    });

    it('takes the same CAP message five times as one shock with one revision', async () => {
      const message = textBody('application/cap+xml', capMessage({ identifier: 'journey-five-times' }));
      const path = '/v1/shocks/cap?asOf=2026-07-18T02:00:00%2B08:00';
      const answers: IntakeAnswer[] = [];
      for (let i = 0; i < 5; i += 1) answers.push(await world().operator.post<IntakeAnswer>(path, message));
      expect(answers.map(({ outcome }) => outcome)).toEqual(['accepted', ...Array<string>(4).fill('duplicate')]);
      expect(new Set(answers.map((answer) => answer.shockId)).size).toBe(1);
      expect(answers[0]?.lane).toBe('notice');
    });

    it('recalls all of it when the storm turns out to be none', async () => {
      await expectAllRecalled(world(), await recall(world(), shockId));
    });
  });
}
