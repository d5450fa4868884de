import { describe, expect, it } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import { HttpClient } from '../../scripts/lib/client/http-client.ts';
import { COUNTY, type World } from './world.ts';

interface Settled {
  readonly outcome: string;
  readonly alerts: readonly { id: string; status: string; answer: string | null; caseId: string | null }[];
}

/** Two months back: no department pushes what has not happened yet. */
const OCCURRED_ON = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10);

export function findings(world: () => World): void {
  describe('a finding of a department', () => {
    const settled = (id: string, answers: readonly string[]): Promise<Settled> =>
      eventually(
        async () => {
          const finding = await world().operator.get<Settled>(`/v1/findings/${id}`);
          expect(answers).toContain(finding.alerts[0]?.answer);
          return finding;
        },
        { timeoutMs: 60_000 },
      );

    it('becomes an explained alert and a case or check item, and is recalled when it is taken back', async () => {
      const { gateway, token } = world().stack;
      const department = new HttpClient(
        gateway,
        await token({ role: 'department-client', region: COUNTY, department: 'health-insurance' }),
      );
      const [poor] = await world().sql<{ id: number }>(
        'risk-alerts',
        'SELECT household_id AS id FROM exposure_a WHERE active AND per_capita_fen > 0 ORDER BY per_capita_fen, household_id LIMIT 1',
      );
      const path = '/v1/departments/health-insurance/findings';
      const pushed = {
        householdId: Number(poor?.id),
        kind: 'medical-spending',
        occurredOn: OCCURRED_ON,
        since: `${OCCURRED_ON.slice(0, 4)}-01-01`,
        spentFen: 9_000_000,
        refundedFen: 1_000_000,
      };
      const { findingId } = await department.post<{ findingId: string }>(path, pushed);
      const { outcome, alerts } = await settled(findingId, ['opened', 'attached', 'listed']);
      expect(outcome).toBe('alerted');
      const [alert] = alerts;
      const explained = await world().operator.get<{
        findingId: string;
        explanation: { recomputed: boolean; text: string };
      }>(`/v1/alerts/${alert?.id}`);
      expect(explained).toMatchObject({ findingId, explanation: { recomputed: true } });
      expect(explained.explanation.text).toContain('自己出了80,000元');
      if (typeof alert?.caseId === 'string') await world().operator.get(`/v1/cases/${alert.caseId}`);

      await department.post(`${path}/${findingId}/withdraw`, { reason: '误报' });
      const back = await settled(findingId, ['dropped', 'flagged']);
      expect(back).toMatchObject({ outcome: 'withdrawn', alerts: [{ status: 'withdrawn' }] });
    });
  });
}
