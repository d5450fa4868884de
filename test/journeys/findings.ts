import { eventually } from '@fangpin/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpClient } from '../../scripts/lib/client/http-client.ts';
import { answered, healthInsurance, illness, PUSHES, type Settled, type Taken } from './departments.ts';
import { poorest, type Poor } from './people.ts';
import { COUNTY, type World } from './world.ts';

interface Alert {
  readonly revision: number;
  readonly findingId: string;
  readonly explanation: { readonly recomputed: boolean; readonly text: string; readonly steps: unknown[] };
}

interface Case {
  readonly state: string;
  readonly flaggedAt: string | null;
  readonly alerts: readonly { stands: boolean }[];
  readonly allowedActions: readonly { action: string; requires: string[] }[];
}

export function findings(world: () => World): void {
  describe('a finding of a department', () => {
    let department: HttpClient;
    let poor: Poor;
    let other: Poor;
    let findingId = '';
    let first: Settled;

    beforeAll(async () => {
      department = await healthInsurance(world());
      [poor, other] = (await poorest(world(), 2)) as [Poor, Poor];
    });

    const push = (over: object): Promise<Taken> => department.post<Taken>(PUSHES, illness(over));
    const heard = (revision: number): Promise<Settled> =>
      eventually(async () => {
        const finding = await world().operator.get<Settled>(`/v1/findings/${findingId}`);
        expect(finding.revision).toBeGreaterThanOrEqual(revision);
        return finding;
      });
    const alertOf = (id: unknown): Promise<Alert> => world().operator.get<Alert>(`/v1/alerts/${String(id)}`);
    const caseOf = (id: unknown): Promise<Case> => world().operator.get<Case>(`/v1/cases/${String(id)}`);
    const stepOn = async (caseId: unknown): Promise<void> => {
      const officer = await world().clientOf('county-officer', COUNTY);
      const { allowedActions } = await officer.get<Case>(`/v1/cases/${String(caseId)}`);
      const step = allowedActions.find(({ requires }) => requires.length === 0);
      await officer.post(`/v1/cases/${String(caseId)}/actions/${String(step?.action)}`, {});
    };

    it('about a person of the register becomes an alert that explains itself, and a case', async () => {
      const taken = await push({ idNumber: poor.idNumber });
      expect(taken).toMatchObject({ outcome: 'accepted', householdId: poor.householdId });
      ({ findingId } = taken);
      first = await answered(world(), findingId, 'opened');
      expect(first).toMatchObject({ outcome: 'alerted', alerts: [{ id: first.alertId, status: 'raised' }] });
      const { findingId: behind, explanation } = await alertOf(first.alertId);
      expect(behind).toBe(findingId);
      expect(explanation.recomputed).toBe(true);
      expect(explanation.steps.length).toBeGreaterThan(0);
      expect(explanation.text).toContain('自己出了80,000元');
      expect(explanation.text).toContain('只是线索，不是认定结果');
      expect(await caseOf(first.alerts[0]?.caseId)).toMatchObject({ state: 'clue', flaggedAt: null });
    });

    it('that comes again says nothing new', async () => {
      const before = await alertOf(first.alertId);
      const again = await push({ idNumber: poor.idNumber });
      expect(again).toMatchObject({ findingId, outcome: 'duplicate', revision: first.revision });
      expect((await alertOf(first.alertId)).revision).toBe(before.revision);
    });

    it('whose costs have grown a little attaches to the alert that stands, and asks for nothing more', async () => {
      const before = await alertOf(first.alertId);
      const grown = await push({ idNumber: poor.idNumber, spentFen: 9_600_000 });
      expect(grown).toMatchObject({ findingId, outcome: 'updated' });
      expect(await heard(grown.revision)).toMatchObject({ outcome: 'alerted', alertId: first.alertId });
      expect((await alertOf(first.alertId)).revision).toBe(before.revision);
      expect((await caseOf(first.alerts[0]?.caseId)).alerts).toHaveLength(1);
    });

    it('whose costs have grown much is told again, in the same case', async () => {
      const before = await alertOf(first.alertId);
      const grown = await push({ idNumber: poor.idNumber, spentFen: 16_000_000 });
      const { alerts } = await heard(grown.revision);
      expect(alerts).toMatchObject([{ id: first.alertId, status: 'raised', caseId: first.alerts[0]?.caseId }]);
      const told = await alertOf(first.alertId);
      expect(told.revision).toBeGreaterThan(before.revision);
      expect(told.explanation.text).toContain('自己出了150,000元');
      expect((await caseOf(first.alerts[0]?.caseId)).alerts).toHaveLength(1);
    });

    it('that is taken back takes its alert and its untouched case along', async () => {
      await department.post(`${PUSHES}/${findingId}/withdraw`, { reason: '误报' });
      const back = await answered(world(), findingId, 'dropped');
      expect(back).toMatchObject({ outcome: 'withdrawn', alerts: [{ status: 'withdrawn' }] });
      expect(await department.get(`${PUSHES}/${findingId}`)).toMatchObject({ state: 'withdrawn' });
      expect(await caseOf(first.alerts[0]?.caseId)).toMatchObject({ state: 'withdrawn', alerts: [{ stands: false }] });
    });

    it('that is taken back when somebody has begun to work leaves the case, marked', async () => {
      const taken = await push({ idNumber: other.idNumber });
      const { alerts } = await answered(world(), taken.findingId, 'opened');
      await stepOn(alerts[0]?.caseId);
      await department.post(`${PUSHES}/${taken.findingId}/withdraw`, { reason: '误报' });
      expect(await answered(world(), taken.findingId, 'flagged')).toMatchObject({ outcome: 'withdrawn' });
      const kept = await caseOf(alerts[0]?.caseId);
      expect(kept.state).not.toBe('withdrawn');
      expect(kept).toMatchObject({ flaggedAt: expect.any(String), alerts: [{ stands: false }] });
    });

    it('is pushed by its own department only', async () => {
      const { gateway, token } = world().stack;
      const claims = { role: 'department-client', region: COUNTY, department: 'water' };
      const answer = await fetch(`${gateway}${PUSHES}/${findingId}`, {
        headers: { authorization: `Bearer ${await token(claims)}` },
      });
      expect(answer.status).toBe(403);
    });
  });
}
