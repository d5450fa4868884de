/** Where alerts stand, as SQL: by origin, in some townships or everywhere. */
import { arrayLiteral } from '@fangpin/persistence';

const DUTY_CODES_A_TOWNSHIP = 1_000_000;
/** As SQL: the township of a duty code, as a number of nine digits. */
export const townshipOf = (dutyCode: string): string => `${dutyCode} / ${DUTY_CODES_A_TOWNSHIP}`;

/** As a condition: in the townships $2, or anywhere where that is null. */
export const within = (dutyCode: string): string => `($2::bigint[] IS NULL OR ${townshipOf(dutyCode)} = ANY($2))`;

/** Where an alert can have left a row, and which of them holds at equal revisions. */
const TABLES = [
  { table: 'cases', origin: 'case_origin', outcome: 'alert_outcome', caseOrigin: 'case_origin', place: 1 },
  { table: 'case_alerts', origin: 'origin', outcome: 'outcome', caseOrigin: 'case_origin', place: 2 },
  { table: 'check_items', origin: 'origin', outcome: 'outcome', caseOrigin: '0', place: 3 },
  { table: 'withdrawals', origin: 'origin', outcome: '5', caseOrigin: '0', place: 4 },
] as const;

const rows = TABLES.map(
  ({ table, origin, outcome, caseOrigin, place }) => `
    SELECT ${origin} AS origin, household_id, duty_code, alert_revision, ${outcome} AS outcome, ${caseOrigin} AS case_origin, ${place} AS place
      FROM ${table} WHERE ${origin} = ANY($1::bigint[]) AND ${within('duty_code')}`,
).join(' UNION ALL');

const nothingLater = TABLES.map(
  ({ table, origin, place }) => `
     AND (s.place = ${place} OR NOT EXISTS (
       SELECT FROM ${table} l WHERE l.${origin} = s.origin AND l.household_id = s.household_id
         AND (l.alert_revision, ${-place}) > (s.alert_revision, -s.place) OFFSET 0))`,
).join('');

/**
 * As SQL: where each alert of the origins $1 stands in the townships $2, by its row of the highest revision; one that a later row has elsewhere, because
 * the household moved as it grew, is left to that township. It reads all rows of the origins: their keys know no place, and an index that does would cost
 * every shock more than it saves here. So ask for many townships at once.
 */
export const LAST_ROWS = `
  SELECT * FROM (
    SELECT DISTINCT ON (origin, household_id) * FROM (${rows}) AS row
     ORDER BY origin, household_id, alert_revision DESC, place) AS s
   WHERE $2::bigint[] IS NULL OR (true${nothingLater})`;

/** Whose answers are read: all alerts of one origin in some townships, or all of some findings, wherever their households live. */
export interface AnswersAsked {
  readonly origins: readonly number[];
  /** Null for everywhere. */
  readonly townships: readonly number[] | null;
}

/** $1 and $2 of {@link LAST_ROWS} and {@link within}. */
export const placesOf = ({ origins, townships }: AnswersAsked): [string, string | null] => [
  arrayLiteral(origins),
  townships && arrayLiteral(townships),
];
