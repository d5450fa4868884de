import { composeDerivedId, originOf } from '@fangpin/domain-kit';
import { eventually } from '@fangpin/testing';
import { describe, expect, it } from '@jest/globals';
import { alertedBy, expectAllAccountedFor, expectAllRecalled, farmersIn } from './accounts.ts';
import { poorest, type Poor } from './people.ts';
import { hailOn, recall, strike } from './shocks.ts';
import type { World } from './world.ts';

interface Question {
  readonly id: string;
  readonly village: string;
  readonly text: string;
  readonly notices: readonly { readonly shockId: string; readonly askedBy: string }[];
}

interface Picture {
  readonly episodes: readonly { readonly cause: string }[];
  readonly answers: readonly { readonly alertId: string; readonly caseId: string | null }[];
}

/** A storm of which a report tells so many mu of one area, all of them lost. */
function lostIn(region: string, mu: number): Record<string, unknown> {
  return { ...hailOn(region), damage: [{ region, cropHitMu: mu, cropDamagedMu: mu, cropLostMu: mu }] };
}

export function wideReports(world: () => World): void {
  describe('a damage report over a township', () => {
    let candidates: readonly Poor[] = [];
    let village = '';
    let township = '';
    let report = '';
    let harm = '';
    const questions = async (state = 'open'): Promise<Question[]> => {
      const url = `/v1/village-questions?shockId=${report}&state=${state}&limit=200`;
      return (await world().operator.get<{ items: Question[] }>(url)).items;
    };

    it('alerts almost nobody for few mu, and asks each of its villages', async () => {
      const byVillage = Map.groupBy(await poorest(world(), 1_000, { farming: true }), (poor) => poor.village);
      [[village, candidates] = ['', []]] = [...byVillage].sort(([, a], [, b]) => b.length - a.length);
      township = village.slice(0, 9);
      report = await strike(world(), lostIn(township, 1));
      await expectAllAccountedFor(world(), await world().follow(report), await farmersIn(world(), township));
      await eventually(async () => expect((await questions()).length).toBeGreaterThan(1));
      const asked = await questions();
      expect(new Set(asked.map(({ village }) => village.slice(0, 9)))).toEqual(new Set([township]));
      expect(asked.map(({ village }) => village)).toContain(village);
      for (const { text, notices } of asked) {
        expect(text).toMatch(/灾情报告.*涉及本村所在地区/);
        expect(notices).toContainEqual(expect.objectContaining({ shockId: report, askedBy: 'damage-report' }));
      }
    }, 120_000);

    it('finds by the answer of a village who was hit, as one episode and one case with the report', async () => {
      const question = (await questions()).find((asked) => asked.village === village);
      const monitor = await world().clientOf('village-monitor', village);
      const figures = { hit: true, cropHitMu: 100_000, cropLostMu: 100_000 };
      await monitor.post(`/v1/village-questions/${question?.id}/answer`, figures);
      await eventually(async () => {
        const [row] = await world().sql<{ id: string | null }>(
          'shock-feeds',
          'SELECT observed_shock_id AS id FROM village_answers WHERE shock_id = $1 AND village = $2',
          [report, village],
        );
        expect(row?.id).toBeTruthy();
        harm = String(row?.id);
      });
      expect(await world().operator.get(`/v1/shocks/${harm}`)).toMatchObject({ observed: true, kind: 'hail' });
      await expectAllAccountedFor(world(), await world().follow(harm), await farmersIn(world(), village));

      const alerted = new Set(await alertedBy(world(), harm));
      const poor = candidates.find(({ householdId }) => alerted.has(householdId));
      expect(poor).toBeDefined();

      // A later report of the same storm says that much more was lost: the household is alerted by both.
      const explanation = '核实后增加';
      const { headline: _, ...later } = lostIn(township, 100_000);
      await world().operator.post('/v1/shocks', { ...later, headline: '冰雹核报', shockId: report, explanation });
      const { householdId } = poor as Poor;
      const both = [report, harm].map((id) => composeDerivedId({ origin: originOf(id, 'crop-disaster'), householdId }));
      await eventually(async () => {
        const { episodes, answers } = await world().operator.get<Picture>(`/v1/risk-pictures/${householdId}`);
        expect(episodes.map(({ cause }) => cause)).toEqual(['crop-disaster']);
        const of = answers.filter(({ alertId }) => both.includes(alertId));
        expect(of).toHaveLength(2);
        expect(new Set(of.map(({ caseId }) => caseId)).size).toBe(1);
      });
      await world().nothingIsOnItsWay();
      await expectAllAccountedFor(world(), await world().follow(report), await farmersIn(world(), township));
      await expectAllAccountedFor(world(), await world().follow(harm), await farmersIn(world(), village));
    }, 180_000);

    it('is no longer asked about when it is called off, while what the village saw stands', async () => {
      await expectAllRecalled(world(), await recall(world(), report));
      await eventually(async () => {
        const left = await questions();
        expect(left.filter(({ notices }) => notices.length === 1)).toEqual([]);
      });
      expect(await world().operator.get(`/v1/shocks/${harm}`)).toMatchObject({ state: 'open' });
      await expectAllRecalled(world(), await recall(world(), harm));
    }, 120_000);
  });
}
