/** Figures of comparisons by township: counted from their rows, or kept from when the rows went. */
import type { Tx } from '@fangpin/persistence';

const COLUMNS = `reconciliation_no, compares, duty_code, compared, agreed, mended, left_over, alarms, households, without_assessment,
  assessments_without_household`;

interface RowsOf {
  readonly table: string;
  /** Rows that compare a township; a census compares none itself, what it finds counts. */
  readonly townships: string;
  readonly households: string;
  readonly withoutAssessment: string;
  readonly assessmentsWithoutHousehold: string;
}

const sum = (column: string, where = 'true'): string => `coalesce(sum(${column}) FILTER (WHERE ${where}), 0)::int`;

const KINDS: Readonly<Record<'answers' | 'exposure' | 'judgements', RowsOf>> = {
  answers: {
    table: 'reconciliation_tallies',
    townships: 'true',
    households: '0',
    withoutAssessment: '0',
    assessmentsWithoutHousehold: '0',
  },
  exposure: {
    table: 'reconciliation_exposure',
    townships: 'NOT census',
    households: sum('households', `subject = 'households'`),
    withoutAssessment: sum('without_other', `subject = 'households'`),
    assessmentsWithoutHousehold: sum('without_other', `subject = 'assessments'`),
  },
  judgements: {
    table: 'reconciliation_judgements',
    townships: 'NOT census',
    households: sum('households'),
    withoutAssessment: '0',
    assessmentsWithoutHousehold: '0',
  },
};

const TABLES = Object.values(KINDS).map(({ table }) => table);
const counted = (where: string): string => `count(*) FILTER (WHERE ${where})::int`;
/** Of the comparisons `$1`. */
const FROM_ROWS = Object.entries(KINDS)
  .map(
    ([kind, { table, townships, households, withoutAssessment, assessmentsWithoutHousehold }]) => `
SELECT reconciliation_no, '${kind}' AS compares, duty_code, ${counted(townships)} AS compared,
  ${counted(`${townships} AND state = 'agreed'`)} AS agreed, ${counted(`state = 'mended'`)} AS mended,
  ${counted(`${townships} AND state = 'left'`)} AS left_over, ${counted(`state = 'alarm'`)} AS alarms, ${households} AS households,
  ${withoutAssessment} AS without_assessment, ${assessmentsWithoutHousehold} AS assessments_without_household
FROM ${table} WHERE reconciliation_no = ANY($1::bigint[]) GROUP BY reconciliation_no, duty_code`,
  )
  .join(' UNION ALL ');

export interface ComparisonFigures {
  readonly no: number;
  readonly compares: keyof typeof KINDS;
  readonly compared: number;
  readonly agreed: number;
  readonly mended: number;
  /** Not compared to the end. */
  readonly left: number;
  readonly alarms: number;
  readonly households: number;
  readonly withoutAssessment: number;
  readonly assessmentsWithoutHousehold: number;
}

/** Of comparisons, within the scope of the transaction; none of a kind that has compared nothing. */
export function figuresOf(tx: Tx, reconciliations: readonly number[]): Promise<ComparisonFigures[]> {
  return tx.query<ComparisonFigures & Record<string, unknown>>(
    `SELECT reconciliation_no AS no, compares, sum(compared)::int AS compared, sum(agreed)::int AS agreed, sum(mended)::int AS mended,
       sum(left_over)::int AS left, sum(alarms)::int AS alarms, sum(households)::int AS households,
       sum(without_assessment)::int AS "withoutAssessment", sum(assessments_without_household)::int AS "assessmentsWithoutHousehold"
     FROM (${FROM_ROWS} UNION ALL SELECT ${COLUMNS} FROM reconciliation_sums WHERE reconciliation_no = ANY($1::bigint[])) AS figures
     GROUP BY 1, 2`,
    [reconciliations],
  );
}

/** Keeps the figures of a comparison and lets its rows go. */
export async function sumRows(tx: Tx, reconciliation: number): Promise<void> {
  await tx.execute(`INSERT INTO reconciliation_sums (${COLUMNS}) ${FROM_ROWS}`, [[reconciliation]]);
  for (const table of TABLES) await tx.execute(`DELETE FROM ${table} WHERE reconciliation_no = $1`, [reconciliation]);
}
