import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answered, healthInsurance, illness, PUSHES, type Settled, type Taken } from './departments.ts';
import { poorest, type Poor } from './people.ts';
import { hailOn, recall, strike } from './shocks.ts';
import type { World } from './world.ts';

interface Picture {
  readonly episodes: readonly { cause: string; severity: number; state: string }[];
  readonly projection: { incomeLoss: { middleFen: number }; bills: { middleFen: number } } | null;
  readonly worstSeverity: number;
  readonly jointSeverity: number;
  readonly answers: readonly { alertId: string; cause: string; outcome: string; caseId: string | null }[];
  readonly text: string;
}

interface WorkItem {
  readonly kind: string;
  readonly id: string;
  readonly householdId: number | null;
  readonly causes: readonly string[];
}

interface Telling {
  readonly episodes: readonly { id: string; recorded: boolean }[];
  readonly tellingsOfDay: number;
}

const CAUSES = ['crop-disaster', 'illness'];

export function onePicture(world: () => World): void {
  describe('a household that two things befall', () => {
    let poor: Poor;
    let shockId = '';
    let finding: Settled;
    let withdraw = (): Promise<unknown> => Promise.resolve();
    let today = '';

    beforeAll(async () => {
      [poor] = (await poorest(world(), 1, { farming: true })) as [Poor];
      shockId = await strike(world(), hailOn(poor.village.slice(0, 9)));
      await world().follow(shockId);
      const department = await healthInsurance(world());
      const { findingId } = await department.post<Taken>(PUSHES, illness({ idNumber: poor.idNumber }));
      withdraw = () => department.post(`${PUSHES}/${findingId}/withdraw`, { reason: '误报' });
      finding = await answered(world(), findingId, 'opened', 'attached');
      today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    }, 120_000);

    afterAll(async () => {
      await recall(world(), shockId);
    }, 120_000);

    const pictureOf = (): Promise<Picture> => world().operator.get<Picture>(`/v1/risk-pictures/${poor.householdId}`);
    const openCauses = ({ episodes }: Picture): string[] =>
      episodes
        .filter(({ state }) => state === 'open')
        .map(({ cause }) => cause)
        .sort();
    const toTell = async (): Promise<string[]> => {
      const monitor = await world().clientOf('village-monitor', poor.village);
      const path = `/v1/risk-episodes?householdId=${poor.householdId}&toTell=true`;
      return (await monitor.get<{ items: { cause: string }[] }>(path)).items.map(({ cause }) => cause).sort();
    };
    const work = async (): Promise<WorkItem[]> => {
      const monitor = await world().clientOf('village-monitor', poor.village);
      const { items } = await monitor.get<{ items: WorkItem[] }>('/v1/worklist?limit=200');
      return items.filter(({ householdId }) => householdId === poor.householdId);
    };

    it('has one picture of both, added up on one income', async () => {
      const picture = await eventually(
        async () => {
          const now = await pictureOf();
          expect(openCauses(now)).toEqual(CAUSES);
          return now;
        },
        { timeoutMs: 90_000 },
      );
      expect(picture.worstSeverity).toBe(Math.max(...picture.episodes.map(({ severity }) => severity)));
      expect(picture.jointSeverity).toBeGreaterThanOrEqual(picture.worstSeverity);
      expect(picture.projection?.incomeLoss.middleFen).toBeGreaterThan(0);
      expect(picture.projection?.bills.middleFen).toBe(8_000_000);
      expect(picture.text).toMatch(/庄稼[\s\S]*看病|看病[\s\S]*庄稼/);
    }, 120_000);

    it('has one case, and one entry in the worklist, for both', async () => {
      const caseId = finding.alerts[0]?.caseId;
      const opened = await world().operator.get<{ causes: string[]; householdId: number }>(`/v1/cases/${caseId}`);
      expect([...opened.causes].sort()).toEqual(CAUSES);
      const open = await world().sql(
        'assistance-cases',
        'SELECT 1 FROM cases WHERE household_id = $1 AND state < 100',
        [poor.householdId],
      );
      expect(open).toHaveLength(1);
      const entries = await work();
      expect(entries).toMatchObject([{ kind: 'case', id: caseId }]);
      expect([...(entries[0]?.causes ?? [])].sort()).toEqual(CAUSES);
      expect((await pictureOf()).answers.map(({ cause }) => cause).sort()).toEqual(CAUSES);
    });

    it('is told of both at once, and then left in peace', async () => {
      expect(await toTell()).toEqual(CAUSES);
      const helper = await world().clientOf('helper', poor.village);
      const tell = (): Promise<Telling> =>
        helper.post<Telling>(`/v1/risk-pictures/${poor.householdId}/told`, { on: today, how: 'visit' });
      const told = await tell();
      expect(told).toMatchObject({ tellingsOfDay: 1, episodes: [{ recorded: true }, { recorded: true }] });
      expect(await toTell()).toEqual([]);
      expect(await tell()).toMatchObject({ tellingsOfDay: 1, episodes: [{ recorded: false }, { recorded: false }] });
    });

    it('keeps its case for what is left when one of them is taken back', async () => {
      await withdraw();
      await eventually(
        async () => {
          expect(openCauses(await pictureOf())).toEqual(['crop-disaster']);
          const entries = await work();
          expect(entries).toHaveLength(1);
          expect(entries[0]?.causes).toEqual(['crop-disaster']);
        },
        { timeoutMs: 90_000 },
      );
      // What was told is to be taken back too.
      expect(await toTell()).toEqual(['illness']);
    }, 120_000);
  });
}
