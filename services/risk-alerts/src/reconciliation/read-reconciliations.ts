/** Reads comparisons and what they found, within a scope. */
import { toBeijingTime } from '@fangpin/domain-kit';
import { Database, type Scope, type Tx } from '@fangpin/persistence';
import { page, type Page, type PageRequest } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { ReconciliationFinding, ReconciliationResponse } from './reconciliation.responses.js';

interface Row {
  no: number;
  asked_by: string | null;
  started_at: Date;
  closed_at: Date | null;
  compared: number;
  agreed: number;
  mended: number;
  alarms: number;
  [column: string]: unknown;
}

const FINDINGS_SHOWN = 100;
const TEXTS: Readonly<Record<string, string>> = {
  'answers-lost': '有答复在传送中丢失，已重新取回',
  'alerts-lost': '有预警发出后没有回音，已重新发送',
  'never-alerted': '帮扶系统中有预警系统没有发出过的预警，需要人工查明',
  'still-differs': '多次核对后两边仍不一致，需要人工查明',
  'no-reply': '多次询问没有得到帮扶系统的答复',
};

@Injectable()
export class ReadReconciliations {
  constructor(private readonly database: Database) {}

  /** Latest first. */
  list({ limit, after }: PageRequest, scope: Scope): Promise<Page<ReconciliationResponse>> {
    return this.database.transaction(scope, async (tx) => {
      const rows = await tx.query<Row>(
        `SELECT r.reconciliation_no AS no, r.asked_by, r.started_at, r.closed_at, count(t.origin)::int AS compared,
           count(*) FILTER (WHERE t.state = 'agreed')::int AS agreed, count(*) FILTER (WHERE t.state = 'mended')::int AS mended,
           count(*) FILTER (WHERE t.state = 'alarm')::int AS alarms
         FROM reconciliations r LEFT JOIN reconciliation_tallies t USING (reconciliation_no)
         WHERE r.reconciliation_no < $1 GROUP BY r.reconciliation_no ORDER BY r.reconciliation_no DESC LIMIT ${limit + 1}`,
        [after?.[0] ?? Number.MAX_SAFE_INTEGER],
      );
      const { items, nextCursor } = page(rows, limit, (row) => [row.no]);
      const responses: ReconciliationResponse[] = [];
      for (const row of items)
        responses.push({
          id: row.no,
          state: row.closed_at === null ? 'running' : 'closed',
          askedBy: row.asked_by,
          startedAt: toBeijingTime(row.started_at),
          closedAt: row.closed_at === null ? null : toBeijingTime(row.closed_at),
          compared: row.compared,
          agreed: row.agreed,
          mended: row.mended,
          alarms: row.alarms,
          findings: await findingsOf(tx, row.no),
        });
      return { items: responses, nextCursor };
    });
  }
}

async function findingsOf(tx: Tx, reconciliation: number): Promise<ReconciliationFinding[]> {
  const rows = await tx.query<Omit<ReconciliationFinding, 'region' | 'text'> & { dutyCode: number }>(
    `SELECT o.shock_id AS "shockId", o.cause, f.duty_code AS "dutyCode", f.kind, f.state, f.households, f.sample
     FROM reconciliation_findings f JOIN origins o USING (origin) WHERE f.reconciliation_no = $1
     ORDER BY f.state, f.origin, f.duty_code, f.kind LIMIT ${FINDINGS_SHOWN}`,
    [reconciliation],
  );
  return rows.map(({ dutyCode, ...finding }) => ({
    ...finding,
    region: townshipCode(townshipOf(dutyCode)),
    text: TEXTS[finding.kind] ?? finding.kind,
  }));
}
