/** Statements beneath the last one of a finding (0008), written and read many at once; in the order of statement-order.rule.ts. */
import type { Tx } from '@fangpin/persistence';
import type { Statement } from './finding.js';
import { isBehind, wordOf } from './statement-order.rule.js';

export interface EarlierChange {
  readonly findingId: string;
  /** A statement to be kept, the last of its batch; or that nothing beneath the finding counts any more. */
  readonly earlier: Statement | 'nothing';
}

interface StatementRow {
  readonly statement_no: number;
  readonly finding_id: string;
  readonly batch_id: string | null;
  readonly state: number;
  readonly occurred_on: string;
  readonly spent_fen: number;
  readonly refunded_fen: number;
  readonly of_earner: boolean;
  readonly days: number;
  readonly house_grade: number;
  readonly withdrawn_reason: string | null;
  readonly stated_at: Date;
  readonly stated_by: string;
}

type Column = readonly [
  name: string,
  type: string,
  of: (statement: Statement & { readonly findingId: string }) => unknown,
];

const COLUMNS: readonly Column[] = [
  ['finding_id', 'uuid', (s) => s.findingId],
  ['batch_id', 'uuid', (s) => s.batchId ?? null],
  ['state', 'smallint', (s) => s.state],
  ['occurred_on', 'date', (s) => s.facts.occurredOn],
  ['spent_fen', 'bigint', (s) => s.facts.spentFen],
  ['refunded_fen', 'bigint', (s) => s.facts.refundedFen],
  ['of_earner', 'boolean', (s) => s.facts.ofEarner],
  ['days', 'integer', (s) => s.facts.days],
  ['house_grade', 'smallint', (s) => s.facts.houseGrade],
  ['withdrawn_reason', 'text', (s) => s.withdrawnReason ?? null],
  ['stated_at', 'timestamptz', (s) => s.at],
  ['stated_by', 'text', (s) => s.by],
];
const NAMES = COLUMNS.map(([name]) => name);
const KEEP = `
  INSERT INTO earlier_statements (${NAMES.join(', ')})
  SELECT * FROM unnest(${COLUMNS.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})
  ON CONFLICT ON CONSTRAINT earlier_statements_one_a_batch DO UPDATE SET
    ${NAMES.slice(2)
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}
   WHERE earlier_statements.state > excluded.state
      OR (earlier_statements.state = excluded.state
          AND (earlier_statements.occurred_on, earlier_statements.stated_at) <= (excluded.occurred_on, excluded.stated_at))`;

/** Applies changes in their order; the findings are held. */
export async function keepEarlier(tx: Tx, changes: readonly EarlierChange[]): Promise<void> {
  const forgotten = new Set<string>();
  const kept = new Map<string, Statement & { readonly findingId: string }>();
  for (const { findingId, earlier } of changes) {
    if (earlier !== 'nothing') {
      const key = `${findingId} ${earlier.batchId ?? ''}`;
      const before = kept.get(key);
      if (before === undefined || !isBehind(wordOf(earlier), wordOf(before))) kept.set(key, { ...earlier, findingId });
    } else {
      forgotten.add(findingId);
      for (const [key, statement] of kept) if (statement.findingId === findingId) kept.delete(key);
    }
  }
  if (forgotten.size > 0)
    await tx.execute('DELETE FROM earlier_statements WHERE finding_id = ANY($1::uuid[])', [[...forgotten]]);
  const statements = [...kept.values()];
  if (statements.length > 0)
    await tx.execute(
      KEEP,
      COLUMNS.map(([, , of]) => statements.map(of)),
    );
}

/** Of each finding the last statement that still stands, batches that are or are being taken back left out. */
export async function lastEarlier(tx: Tx, findingIds: readonly string[]): Promise<Map<string, Statement>> {
  const rows = await tx.query<StatementRow>(
    `SELECT DISTINCT ON (e.finding_id) e.* FROM earlier_statements e LEFT JOIN batches b ON b.batch_id = e.batch_id
      WHERE e.finding_id = ANY($1::uuid[]) AND coalesce(b.state NOT IN ('withdrawing', 'withdrawn'), true)
      ORDER BY e.finding_id, e.state, e.occurred_on DESC, e.stated_at DESC, e.statement_no DESC`,
    [findingIds],
  );
  return new Map(rows.map((row) => [row.finding_id, statementOf(row)]));
}

/** Forgets what a batch said of these findings beneath others. */
export async function forgetBatch(tx: Tx, findingIds: readonly string[], batchId: string): Promise<void> {
  await tx.execute('DELETE FROM earlier_statements WHERE finding_id = ANY($1::uuid[]) AND batch_id = $2', [
    findingIds,
    batchId,
  ]);
}

/** Forgets statements that are the last again: of a batch that one, of a push whatever is beneath it too. */
export async function forgetRestored(
  tx: Tx,
  restored: readonly { readonly findingId: string; readonly batchId: string | undefined }[],
): Promise<void> {
  if (restored.length === 0) return;
  await tx.execute(
    `DELETE FROM earlier_statements e USING unnest($1::uuid[], $2::uuid[]) AS r (finding_id, batch_id)
      WHERE e.finding_id = r.finding_id AND (r.batch_id IS NULL OR e.batch_id = r.batch_id)`,
    [restored.map(({ findingId }) => findingId), restored.map(({ batchId }) => batchId ?? null)],
  );
}

function statementOf(row: StatementRow): Statement {
  return {
    batchId: row.batch_id ?? undefined,
    state: row.state,
    facts: {
      occurredOn: row.occurred_on,
      spentFen: row.spent_fen,
      refundedFen: row.refunded_fen,
      ofEarner: row.of_earner,
      days: row.days,
      houseGrade: row.house_grade,
    },
    withdrawnReason: row.withdrawn_reason ?? undefined,
    at: row.stated_at,
    by: row.stated_by,
  };
}
