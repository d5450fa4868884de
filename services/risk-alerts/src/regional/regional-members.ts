/**
 * The households behind a warning, as they count now: looked at again at each reading, so that nobody stays a member by oversight. A page looks at
 * the next households with alerts until it is full, and not at the area.
 */
import { InvalidValue, regionOfDuty } from '@fangpin/domain-kit';
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import type { RegionalWarning } from '@fangpin/policy';
import { page, type Page, type PageRequest } from '@fangpin/service-kit';
import { liveExposure } from '../exposure/exposure-sets.js';
import { alikeSql, atRiskSql, OF_KNOWN_SCHEME, PRODUCTS_OF_ROW } from './at-risk-sql.js';
import { SPAN } from './areas.js';
import type { RegionalAlert } from './regional-alert.js';
import type { RegionalAlertMember } from './regional-alert.responses.js';
import { namedSince } from './named-by-shocks.js';

interface MemberRow {
  household_id: number;
  village: number;
  severity: number;
  [column: string]: unknown;
}

const DAY_MS = 86_400_000;

/** A page in order of household; the transaction is to see the cell (at-risk-sql.ts). `$5`…: what the rule of the warning asks for. */
export async function regionalMembers(
  tx: Tx,
  alert: RegionalAlert,
  policy: RegionalWarning,
  now: Date,
  { limit, after }: PageRequest,
): Promise<Page<RegionalAlertMember>> {
  const tables = await liveExposure(tx, 'read');
  const lo = alert.area.dutyCode;
  const hi = lo + SPAN[alert.area.level];
  const since = new Date(now.getTime() - policy.withinDays * DAY_MS);
  const { sql, also = '', values } = await conditionOf(tx, alert, policy, since);
  const rows: MemberRow[] = [];
  let [last = -1] = numbersOf(after, 1);
  for (let size = FIRST_LOOK; rows.length <= limit; size *= GROWS_BY) {
    const next = await nextAlerted(tx, tables.households, { lo, hi }, last, size);
    if (next.length === 0) break;
    // By shock and village all of the area count, however few are shown.
    const among = alert.rule === 'cluster' ? undefined : next;
    const found = await joiningSets(tx, () =>
      tx.query<MemberRow>(
        `WITH ${atRiskSql(tables.households, { among: among && `$${FIRST_VALUE + values.length}` })}${also}
         SELECT household_id, village, max(severity)::int AS severity FROM risk
         WHERE household_id > $4 AND ${sql} GROUP BY household_id, village ORDER BY household_id LIMIT ${limit + 1}`,
        [lo, hi, since, last, ...values, ...(among === undefined ? [] : [arrayLiteral(among)])],
      ),
    );
    rows.push(...found);
    last = next.at(-1) ?? last;
    if (among === undefined || next.length < size) break;
  }
  const { items, nextCursor } = page(rows.slice(0, limit + 1), limit, (row) => [row.household_id]);
  return {
    items: items.map((row) => ({
      householdId: row.household_id,
      region: regionOfDuty(row.village, 'village'),
      severity: row.severity,
    })),
    nextCursor,
  };
}

/** The key of a cursor of members; -1 on the first page. Refuses a cursor that another list has given out. */
export function numbersOf(after: PageRequest['after'], count: number): number[] {
  if (after === undefined) return Array<number>(count).fill(-1);
  const numbers = after.map(Number);
  if (numbers.length !== count || !numbers.every(Number.isSafeInteger))
    throw new InvalidValue('cursor', after, 'must be one that a page of members of this warning gave out');
  return numbers;
}

/** Households that a page looks at first; few of them may count, so each further look is larger. */
const FIRST_LOOK = 500;
const GROWS_BY = 4;

/**
 * The next households of the area that were ever alerted, or have moved, in order: household after household until there are enough, for the alerts of
 * the area are sorted by village.
 */
async function nextAlerted(
  tx: Tx,
  householdsTable: string,
  { lo, hi }: { readonly lo: number; readonly hi: number },
  after: number,
  most: number,
): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `SELECT h.household_id AS id FROM ${householdsTable} h
     WHERE h.active AND h.duty_code >= $1 AND h.duty_code < $2 AND h.household_id > $3 AND (
       EXISTS (SELECT FROM alerts WHERE duty_code = h.duty_code AND household_id = h.household_id OFFSET 0)
       OR EXISTS (SELECT FROM moved_households WHERE household_id = h.household_id OFFSET 0))
     ORDER BY h.household_id LIMIT $4`,
    [lo, hi, after, most],
  );
  return rows.map(({ id }) => id);
}

/** Number of the first parameter that a condition has for itself. */
const FIRST_VALUE = 5;

/** The part of the rows `risk` that the rule counts, with its values from `$5` on; `also`: further parts of the `WITH`. */
async function conditionOf(
  tx: Tx,
  { rule, subject }: RegionalAlert,
  { atMostPerShock }: RegionalWarning,
  since: Date,
): Promise<{ sql: string; also?: string; values: unknown[] }> {
  switch (rule) {
    case 'share':
      return { sql: 'true', values: [] };
    case 'cluster':
      return {
        sql: `(origin, village) IN (SELECT origin, village FROM risk GROUP BY origin, village HAVING $5 = 0 OR count(*) <= $5)`,
        values: [atMostPerShock],
      };
    case 'product': {
      const product = Number(subject);
      const those = (await namedSince(tx, since)).products.filter((named) => named.product === product);
      return {
        sql: `$5::bigint IN ${PRODUCTS_OF_ROW}`,
        also: `, named AS (SELECT origin, $5::bigint AS product FROM unnest($6::bigint[]) AS n (origin)), ${alikeSql}`,
        values: [product, those.map(({ origin }) => origin)],
      };
    }
    case 'scheme':
      return { sql: `${OF_KNOWN_SCHEME} AND water_scheme = $5`, values: [subject] };
    case 'employer': {
      const those = (await namedSince(tx, since)).employers.filter(({ employer }) => employer === subject);
      return { sql: 'origin = ANY($5::bigint[])', values: [those.map(({ origin }) => origin)] };
    }
  }
}
