import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { originOf } from '../../scripts/lib/client/accounts.ts';
import { alertedBy, expectAllAccountedFor, farmersIn } from './accounts.ts';
import { recall, strike } from './shocks.ts';
import { COUNTY, type World } from './world.ts';

interface Comparison {
  id: number;
  state: string;
  alarms: number;
  exposure: { alarms: number; households: number; withoutAssessment: number };
  findings: { subject: string; kind: string; state: string; households: number; sample: number[] }[];
}

export function damagedRows(world: () => World): void {
  describe('rows that are lost or changed behind the services', () => {
    let shockId = '';
    let farmers: number[] = [];

    beforeAll(async () => {
      farmers = await farmersIn(world(), COUNTY);
      shockId = await strike(world());
      await world().follow(shockId);
      // The comparisons here have no patience: an answer that is still on its way would count as lost.
      await world().nothingIsOnItsWay();
    }, 180_000);

    afterAll(async () => {
      await recall(world(), shockId);
    }, 120_000);

    const alerts = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
      world().sql('risk-alerts', text, values) as Promise<Row[]>;
    const cases = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
      world().sql('assistance-cases', text, values) as Promise<Row[]>;
    const liveSet = async (): Promise<string> =>
      (await alerts<{ live: string }>('SELECT live FROM exposure_current'))[0]?.live ?? '';
    const exposure = async (): Promise<{ row: string }[]> => {
      const live = await liveSet();
      return alerts(`SELECT e::text || (SELECT coalesce(string_agg(l::text, ' ' ORDER BY line), '') FROM exposure_livelihood_${live} l
        WHERE l.household_id = e.household_id) AS row FROM exposure_${live} e ORDER BY household_id`);
    };
    /** Where the shock's alert of a household stands in assistance-cases. */
    const answered = async (id: number): Promise<object[]> =>
      cases(
        `SELECT household_id FROM cases WHERE household_id = $1 AND case_origin = $2 AND alert_outcome < 5 UNION ALL
         SELECT household_id FROM case_alerts WHERE household_id = $1 AND origin = $2 AND outcome < 5 UNION ALL
         SELECT household_id FROM check_items WHERE household_id = $1 AND origin = $2 AND outcome < 5`,
        [id, await originOf(world(), shockId)],
      );
    async function forget(id: number): Promise<void> {
      const values = [id, await originOf(world(), shockId)];
      await cases('DELETE FROM check_items WHERE household_id = $1 AND origin = $2', values);
      await cases('DELETE FROM case_alerts WHERE household_id = $1 AND origin = $2', values);
      await cases('DELETE FROM case_steps WHERE household_id = $1 AND case_origin = $2', values);
      await cases('DELETE FROM cases WHERE household_id = $1 AND case_origin = $2', values);
    }

    const begin = async (): Promise<number> =>
      (await world().operator.post<{ id: number }>('/v1/reconciliations', {})).id;
    const compared = async (): Promise<Comparison> => closed(await begin());
    function closed(id: number): Promise<Comparison> {
      return eventually(
        async () => {
          const { items } = await world().operator.get<{ items: Comparison[] }>('/v1/reconciliations');
          const found = items.find((one) => one.id === id);
          if (found?.state !== 'closed') throw new Error(`comparison ${id} is ${found?.state ?? 'unknown'}`);
          return found;
        },
        { timeoutMs: 90_000 },
      );
    }

    it('are none to begin with: what the seed stored and the bus brought is the same in all services', async () => {
      const run = await compared();
      expect(run).toMatchObject({ alarms: 0, exposure: { alarms: 0 }, findings: [] });
      expect(run.exposure.households).toBeGreaterThan(farmers.length);
    }, 120_000);

    it('are mended by a comparison, each by the service that owns it, and nobody is missed', async () => {
      const [lost, changed, poorer, forgotten] = farmers as [number, number, number, number];
      const before = await exposure();
      const live = await liveSet();
      await alerts(`DELETE FROM exposure_livelihood_${live} WHERE household_id = $1`, [lost]);
      await alerts(`DELETE FROM exposure_${live} WHERE household_id = $1`, [lost]);
      await alerts(`UPDATE exposure_${live} SET persons = persons + 3 WHERE household_id = $1`, [changed]);
      await alerts(`UPDATE exposure_${live} SET per_capita_fen = 1 WHERE household_id = $1`, [poorer]);
      await alerts(
        `DELETE FROM triage_answers WHERE answer_no = (SELECT min(answer_no) FROM triage_answers
         JOIN origins USING (origin) WHERE shock_id = $1)`,
        [shockId],
      );
      expect(await answered(forgotten)).toHaveLength(1);
      await forget(forgotten);
      expect(await answered(forgotten)).toEqual([]);

      const run = await compared();
      expect(run).toMatchObject({ alarms: 0, exposure: { alarms: 0 } });
      const mended = (kind: string, subject: string): number[] =>
        run.findings.filter((one) => one.kind === kind && one.subject === subject).flatMap(({ sample }) => sample);
      expect(mended('exposure-lost', 'households')).toEqual([lost]);
      expect(mended('exposure-lost', 'assessments')).toEqual([lost]);
      expect(mended('exposure-differs', 'households')).toEqual([changed]);
      expect(mended('exposure-differs', 'assessments')).toEqual([poorer]);
      expect(run.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['answers-lost', 'alerts-lost']));
      expect(run.findings.every(({ state }) => state === 'mended')).toBe(true);

      expect(await exposure()).toEqual(before);
      expect(await answered(forgotten)).toHaveLength(1);
      expect(await alertedBy(world(), shockId)).toContain(forgotten);
      await expectAllAccountedFor(world(), await world().follow(shockId), farmers);
    }, 120_000);

    it('are mended all the same when the services crash in the middle of the comparison', async () => {
      const before = await exposure();
      const live = await liveSet();
      await alerts(`DELETE FROM exposure_${live} WHERE household_id = ANY($1)`, [farmers.slice(4, 40)]);
      const id = await begin();
      for (const service of ['risk-alerts', 'household-registry', 'income-monitoring'] as const)
        expect(await world().stack.kill(service, 'SIGKILL')).toBe(true);
      for (const service of ['household-registry', 'income-monitoring', 'risk-alerts'] as const)
        await world().stack.start(service);
      expect(await closed(id)).toMatchObject({ alarms: 0, exposure: { alarms: 0 } });
      expect(await exposure()).toEqual(before);
    }, 120_000);
  });
}
