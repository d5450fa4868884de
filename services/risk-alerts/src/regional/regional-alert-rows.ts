/** Revisions of early warnings in their table. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { WarningState } from './area-warning.rule.js';
import type { Area } from './areas.js';
import {
  alertOfRow,
  LAST_OF_EACH,
  REGIONAL_COLUMNS,
  warningId,
  type RegionalAlert,
  type RegionalAlertRow,
  type WarningKey,
} from './regional-alert.js';

/** The last revisions of all warnings of villages, townships and counties in a range of duty codes, by id. */
export async function lastRegionalAlerts(
  tx: Tx,
  range: { readonly lo: number; readonly hi: number },
): Promise<Map<string, RegionalAlert>> {
  const rows = await tx.query<RegionalAlertRow>(`SELECT ${REGIONAL_COLUMNS} FROM ${LAST_OF_EACH} AS last`, [
    range.lo,
    range.hi,
  ]);
  return new Map(rows.map(alertOfRow).map((alert) => [warningId(alert), alert]));
}

/** The last revisions of the warnings of one area, and of none in it. */
export async function lastAlertsOf(tx: Tx, { dutyCode, level }: Area): Promise<Map<string, RegionalAlert>> {
  const rows = await tx.query<RegionalAlertRow>(
    `SELECT DISTINCT ON (rule, subject) ${REGIONAL_COLUMNS} FROM regional_alert_history
     WHERE duty_code = $1 AND level = $2 ORDER BY rule, subject, revision DESC`,
    [dutyCode, level],
  );
  return new Map(rows.map(alertOfRow).map((alert) => [warningId(alert), alert]));
}

/** How warnings stand, by id; one that never opened is left out. One step of the index each. */
export async function statesOf(tx: Tx, keys: readonly WarningKey[]): Promise<Map<string, WarningState>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.query<Pick<RegionalAlertRow, 'duty_code' | 'level' | 'rule' | 'subject' | 'state'>>(
    `SELECT k.*, last.state FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS k (duty_code, level, rule, subject),
     LATERAL (SELECT state FROM regional_alert_history h
       WHERE h.duty_code = k.duty_code AND h.level = k.level AND h.rule = k.rule AND h.subject = k.subject
       ORDER BY revision DESC LIMIT 1) AS last`,
    [
      arrayLiteral(keys.map(({ area }) => area.dutyCode)),
      keys.map(({ area }) => area.level),
      keys.map(({ rule }) => rule),
      keys.map(({ subject }) => subject),
    ],
  );
  return new Map(
    rows.map(({ duty_code: dutyCode, level, rule, subject, state }) => [
      warningId({ area: { dutyCode, level }, rule, subject }),
      state,
    ]),
  );
}

export async function insertRegionalAlerts(tx: Tx, alerts: readonly RegionalAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const column = <T>(of: (alert: RegionalAlert) => T): T[] => alerts.map(of);
  await tx.execute(
    `INSERT INTO regional_alert_history (duty_code, level, rule, subject, revision, state, opened_at, since, evaluated_at,
       households, of_households, struck_parts, parts, judged_on, policy_version, carrying_parts, holding_parts, recalled)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::timestamptz[],
       $8::timestamptz[], $9::timestamptz[], $10::int[], $11::int[], $12::int[], $13::int[], $14::date[], $15::text[],
       $16::int[], $17::int[], $18::bool[])`,
    [
      arrayLiteral(column(({ area }) => area.dutyCode)),
      column(({ area }) => area.level),
      column(({ rule }) => rule),
      column(({ subject }) => subject),
      column(({ revision }) => revision),
      column(({ standing }) => standing.state),
      column(({ standing }) => new Date(standing.openedMs)),
      column(({ standing }) => new Date(standing.sinceMs)),
      column(({ evaluatedAt }) => evaluatedAt),
      column(({ figures }) => figures.households),
      column(({ figures }) => figures.of),
      column(({ figures }) => figures.struckParts),
      column(({ figures }) => figures.parts),
      column(({ judgedOn }) => judgedOn),
      column(({ policyVersion }) => policyVersion),
      column(({ figures }) => figures.spread?.carrying ?? null),
      column(({ figures }) => figures.spread?.holding ?? null),
      column(({ standing }) => standing.recalled === true),
    ],
  );
}
