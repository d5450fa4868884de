/** Reads comparisons and what they found, within a scope. */
import { parseRegionCode, toBeijingTime } from '@fangpin/domain-kit';
import { Database, type Scope, type Tx } from '@fangpin/persistence';
import { page, type Page, type PageRequest } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import { figuresOf, type ComparisonFigures } from './figures-sql.js';
import type {
  ExposureFigures,
  JudgementFigures,
  ReconciliationFinding,
  ReconciliationResponse,
} from './reconciliation.responses.js';

interface Row {
  no: number;
  asked_by: string | null;
  started_at: Date;
  closed_at: Date | null;
  [column: string]: unknown;
}

const FINDINGS_SHOWN = 100;
const TEXTS: Readonly<Record<string, string>> = {
  'answers-lost': '有答复在传送中丢失，已重新取回',
  'alerts-lost': '有预警发出后没有回音，已重新发送',
  'checks-lost': '有排查结果在传送中丢失，已重新取回',
  'never-alerted': '帮扶系统中有预警系统没有发出过的预警，需要人工查明',
  'still-differs': '多次核对后两边仍不一致，需要人工查明',
  'exposure-lost': '预警系统缺少部分农户的资料，已由主管系统重新发送',
  'exposure-differs': '预警系统中部分农户的资料与主管系统不一致，已重新发送',
  'unknown-to-owner': '预警系统中有主管系统没有的农户，需要人工查明',
  'no-reply': '多次询问没有得到对方系统的答复',
  'never-judged':
    '有受影响的农户没有经过研判：冲击未结束的，系统会重新研判；仍未解决的，以及冲击已经结束的，需要人工查明',
  'not-compared': '核对时反复出错，这次没有核对成，请运维人员查看日志',
};

@Injectable()
export class ReadReconciliations {
  constructor(private readonly database: Database) {}

  /** Latest first. */
  list({ limit, after }: PageRequest, scope: Scope): Promise<Page<ReconciliationResponse>> {
    return this.database.transaction(scope, async (tx) => {
      const rows = await tx.query<Row>(
        `SELECT reconciliation_no AS no, asked_by, started_at, closed_at FROM reconciliations
         WHERE reconciliation_no < $1 ORDER BY reconciliation_no DESC LIMIT ${limit + 1}`,
        [after?.[0] ?? Number.MAX_SAFE_INTEGER],
      );
      const { items, nextCursor } = page(rows, limit, (row) => [row.no]);
      const figures = await figuresOf(
        tx,
        items.map(({ no }) => no),
      );
      const responses: ReconciliationResponse[] = [];
      for (const { no, asked_by, started_at, closed_at } of items) {
        const of = (kind: ComparisonFigures['compares']): ComparisonFigures =>
          figures.find((one) => one.no === no && one.compares === kind) ?? { ...NOTHING, no, compares: kind };
        responses.push({
          id: no,
          state: closed_at === null ? 'running' : 'closed',
          askedBy: asked_by,
          startedAt: toBeijingTime(started_at),
          closedAt: closed_at === null ? null : toBeijingTime(closed_at),
          ...outcomesOf(of('answers')),
          exposure: exposureOf(of('exposure')),
          judgements: judgementsOf(of('judgements')),
          findings: await findingsOf(tx, no),
        });
      }
      return { items: responses, nextCursor };
    });
  }
}

const NOTHING = {
  compared: 0,
  agreed: 0,
  mended: 0,
  left: 0,
  alarms: 0,
  households: 0,
  withoutAssessment: 0,
  assessmentsWithoutHousehold: 0,
};

type Outcomes = Pick<ComparisonFigures, 'compared' | 'agreed' | 'mended' | 'alarms'>;

const outcomesOf = ({ compared, agreed, mended, alarms }: Outcomes): Outcomes => ({
  compared,
  agreed,
  mended,
  alarms,
});

function exposureOf(figures: ComparisonFigures): ExposureFigures {
  const { households, withoutAssessment, assessmentsWithoutHousehold } = figures;
  return { ...outcomesOf(figures), households, withoutAssessment, assessmentsWithoutHousehold };
}

function judgementsOf(figures: ComparisonFigures): JudgementFigures {
  const { left, households } = figures;
  return { ...outcomesOf(figures), left, households };
}

async function findingsOf(tx: Tx, reconciliation: number): Promise<ReconciliationFinding[]> {
  const rows = await tx.query<Omit<ReconciliationFinding, 'region' | 'text'> & { dutyCode: number }>(
    `SELECT f.subject, o.shock_id AS "shockId", CASE WHEN f.subject IN ('answers', 'judgements') THEN o.cause END AS cause, f.duty_code AS "dutyCode", f.kind, f.state, f.households, f.sample
     FROM reconciliation_findings f LEFT JOIN origins o USING (origin) WHERE f.reconciliation_no = $1
     ORDER BY f.state, f.subject, f.origin, f.duty_code, f.kind LIMIT ${FINDINGS_SHOWN}`,
    [reconciliation],
  );
  return rows.map(({ dutyCode, ...finding }) => ({
    ...finding,
    // A census asks about the whole cell: the area, not the first township of it.
    region: parseRegionCode(townshipCode(townshipOf(dutyCode))),
    text: TEXTS[finding.kind] ?? finding.kind,
  }));
}
