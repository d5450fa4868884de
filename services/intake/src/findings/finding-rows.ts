/** Findings as rows, read and written many at once. */
import type { Tx } from '@fangpin/persistence';
import { isMatched, type Finding, type Match, type UnmatchedReason } from './finding.js';

export interface FindingRow {
  readonly finding_id: string;
  readonly identity: string;
  readonly revision: number;
  readonly department: string;
  readonly kind: number;
  readonly period: string;
  readonly state: number;
  readonly household_id: number | null;
  readonly duty_code: number;
  readonly main_earner: boolean | null;
  readonly unmatched_reason: UnmatchedReason | null;
  readonly id_hash: Buffer | null;
  readonly named_household: number | null;
  readonly area_lo: number;
  readonly area_hi: number;
  readonly occurred_on: string;
  readonly spent_fen: number;
  readonly refunded_fen: number;
  readonly of_earner: boolean;
  readonly days: number;
  readonly house_grade: number;
  readonly batch_id: string | null;
  readonly stated_in_batch: string | null;
  readonly stated_at: Date;
  readonly stated_by: string;
  readonly withdrawn_reason: string | null;
  readonly taken_back_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Findings that meet a condition on `f`, in the order of their ids. */
export async function findFindings(tx: Tx, condition: string, values: readonly unknown[]): Promise<Finding[]> {
  const rows = await tx.query<FindingRow>(`SELECT * FROM findings f WHERE ${condition} ORDER BY f.finding_id`, values);
  return rows.map(findingOf);
}

export function findingOf(row: FindingRow): Finding {
  const { household_id: householdId, unmatched_reason: reason } = row;
  const match: Match =
    householdId === null
      ? { unmatched: reason ?? 'person-unknown' }
      : { householdId, dutyCode: row.duty_code, mainEarner: row.main_earner ?? undefined };
  return {
    findingId: row.finding_id,
    identity: row.identity,
    revision: row.revision,
    department: row.department,
    named:
      row.id_hash === null ? { householdId: row.named_household as number } : { idHash: row.id_hash.toString('hex') },
    facts: {
      kind: row.kind,
      period: row.period,
      occurredOn: row.occurred_on,
      spentFen: row.spent_fen,
      refundedFen: row.refunded_fen,
      ofEarner: row.of_earner,
      days: row.days,
      houseGrade: row.house_grade,
    },
    state: row.state,
    match,
    area: { lo: row.area_lo, hi: row.area_hi },
    batchId: row.batch_id ?? undefined,
    statedInBatch: row.stated_in_batch ?? undefined,
    statedAt: row.stated_at,
    statedBy: row.stated_by,
    withdrawnReason: row.withdrawn_reason ?? undefined,
    takenBackAt: row.taken_back_at ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

type Column = readonly [name: string, type: string, of: (finding: Finding) => unknown];

const COLUMNS: readonly Column[] = [
  ['finding_id', 'uuid', (f) => f.findingId],
  ['identity', 'uuid', (f) => f.identity],
  ['revision', 'bigint', (f) => f.revision],
  ['department', 'text', (f) => f.department],
  ['kind', 'smallint', (f) => f.facts.kind],
  ['period', 'date', (f) => f.facts.period],
  ['state', 'smallint', (f) => f.state],
  ['household_id', 'bigint', (f) => (isMatched(f.match) ? f.match.householdId : null)],
  ['duty_code', 'bigint', (f) => (isMatched(f.match) ? f.match.dutyCode : f.area.lo)],
  ['main_earner', 'boolean', (f) => (isMatched(f.match) ? (f.match.mainEarner ?? null) : null)],
  ['unmatched_reason', 'text', (f) => (isMatched(f.match) ? null : f.match.unmatched)],
  ['id_hash', 'bytea', (f) => ('idHash' in f.named ? Buffer.from(f.named.idHash, 'hex') : null)],
  ['named_household', 'bigint', (f) => ('idHash' in f.named ? null : f.named.householdId)],
  ['area_lo', 'bigint', (f) => f.area.lo],
  ['area_hi', 'bigint', (f) => f.area.hi],
  ['occurred_on', 'date', (f) => f.facts.occurredOn],
  ['spent_fen', 'bigint', (f) => f.facts.spentFen],
  ['refunded_fen', 'bigint', (f) => f.facts.refundedFen],
  ['of_earner', 'boolean', (f) => f.facts.ofEarner],
  ['days', 'integer', (f) => f.facts.days],
  ['house_grade', 'smallint', (f) => f.facts.houseGrade],
  ['batch_id', 'uuid', (f) => f.batchId ?? null],
  ['stated_in_batch', 'uuid', (f) => f.statedInBatch ?? null],
  ['stated_at', 'timestamptz', (f) => f.statedAt],
  ['stated_by', 'text', (f) => f.statedBy],
  ['withdrawn_reason', 'text', (f) => f.withdrawnReason ?? null],
  ['taken_back_at', 'timestamptz', (f) => f.takenBackAt ?? null],
  ['created_at', 'timestamptz', (f) => f.createdAt],
  ['updated_at', 'timestamptz', (f) => f.updatedAt],
];
/** Part of what the finding is, or of how it began. */
const FOR_GOOD = new Set(
  ['finding_id', 'identity', 'department', 'kind', 'period'].concat(
    'id_hash',
    'named_household',
    'area_lo',
    'area_hi',
    'created_at',
  ),
);
const UPSERT = `
  INSERT INTO findings (${COLUMNS.map(([name]) => name).join(', ')})
  SELECT * FROM unnest(${COLUMNS.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})
  ON CONFLICT ON CONSTRAINT findings_pk DO UPDATE SET
    ${COLUMNS.filter(([name]) => !FOR_GOOD.has(name))
      .map(([name]) => `${name} = excluded.${name}`)
      .join(', ')}`;

/** Writes findings that are held (hold-findings.ts), or whose people are; each once. */
export async function writeFindings(tx: Tx, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  await tx.execute(
    UPSERT,
    COLUMNS.map(([, , of]) => findings.map(of)),
  );
}
