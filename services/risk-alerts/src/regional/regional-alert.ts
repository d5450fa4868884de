/** An early warning for an area as it is stored: the last of its revisions is how it stands. */
import { NotFound, type RegionCode } from '@fangpin/domain-kit';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { PolicySet, PolicyValues } from '@fangpin/policy';
import { findArea, regionOf, type Area, type AreaLevel } from './areas.js';
import type { AreaFigures, Standing, WarningState } from './area-warning.rule.js';

export const warningRules = ['share', 'cluster', 'product', 'employer', 'scheme'] as const;
export type WarningRule = (typeof warningRules)[number];

/** What a warning is about; with the area it is the warning's identity. */
export interface WarningKey {
  readonly area: Area;
  readonly rule: WarningRule;
  /** Product code, credit code of an employer or a water scheme; empty where the rule has none. */
  readonly subject: string;
}

export interface RegionalAlert extends WarningKey {
  readonly revision: number;
  readonly standing: Standing;
  readonly figures: AreaFigures;
  readonly evaluatedAt: Date;
  readonly judgedOn: string;
  readonly policyVersion: string;
}

export interface RegionalAlertRow {
  duty_code: number;
  level: AreaLevel;
  rule: WarningRule;
  subject: string;
  revision: number;
  state: WarningState;
  opened_at: Date;
  since: Date;
  evaluated_at: Date;
  households: number;
  of_households: number;
  struck_parts: number;
  parts: number;
  carrying_parts: number | null;
  holding_parts: number | null;
  judged_on: string;
  policy_version: string;
  [column: string]: unknown;
}

export const REGIONAL_COLUMNS = `duty_code, level, rule, subject, revision, state, opened_at, since, evaluated_at, households,
  of_households, struck_parts, parts, carrying_parts, holding_parts, judged_on::text AS judged_on, policy_version`;

/** The last revision of each warning in the range, as a sub-select. */
export const LAST_OF_EACH = `(SELECT DISTINCT ON (duty_code, level, rule, subject) * FROM regional_alert_history
  WHERE duty_code >= $1 AND duty_code < $2 ORDER BY duty_code, level, rule, subject, revision DESC)`;

/** `532327101.product.100`, `532327101.share`: readable, and the same for as long as area, rule and subject are. */
export function warningId({ area, rule, subject }: WarningKey): string {
  return [regionOf(area), rule, ...(subject === '' ? [] : [subject])].join('.');
}

/** Throws {@link NotFound} for what is no id of a warning. */
export function parseWarningId(id: string): WarningKey {
  const [region = '', rule = '', ...subject] = id.split('.');
  const known = warningRules.find((one) => one === rule);
  const area = findArea(region);
  if (known === undefined || area === undefined) throw new NotFound('regional alert', id);
  return { area, rule: known, subject: subject.join('.') };
}

export function alertOfRow(row: RegionalAlertRow): RegionalAlert {
  return {
    area: { level: row.level, dutyCode: row.duty_code },
    rule: row.rule,
    subject: row.subject,
    revision: row.revision,
    standing: { state: row.state, openedMs: row.opened_at.getTime(), sinceMs: row.since.getTime() },
    figures: {
      households: row.households,
      of: row.of_households,
      struckParts: row.struck_parts,
      parts: row.parts,
      ...(row.carrying_parts === null || row.holding_parts === null
        ? {}
        : { spread: { carrying: row.carrying_parts, holding: row.holding_parts } }),
    },
    evaluatedAt: row.evaluated_at,
    judgedOn: row.judged_on,
    policyVersion: row.policy_version,
  };
}

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

/** Rules and subjects to be judged: what was counted (`rule/subject`), and what stands and may have to ease. */
export function keysOf(
  counted: Iterable<string>,
  standing: Iterable<RegionalAlert>,
): Pick<WarningKey, 'rule' | 'subject'>[] {
  const keys = new Set(counted);
  for (const alert of standing) if (alert.standing.state !== 'ended') keys.add(`${alert.rule}/${alert.subject}`);
  return [...keys].map((key) => {
    const slash = key.indexOf('/');
    return { rule: key.slice(0, slash) as WarningRule, subject: key.slice(slash + 1) };
  });
}

/** The rules that hold in a place on a day; a rule without a record there is not judged. */
export function rulesIn<K extends 'regional-warning' | 'regional-warning-above'>(
  policy: PolicySet,
  key: K,
  region: RegionCode,
  day: string,
): Map<WarningRule, PolicyValues[K]> {
  const table = policy.table(key, region, day);
  return new Map(
    warningRules.flatMap((rule) => {
      const answer = table.get(rule);
      return answer === undefined ? [] : [[rule, answer.value] as const];
    }),
  );
}

export async function insertRegionalAlerts(tx: Tx, alerts: readonly RegionalAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const column = <T>(of: (alert: RegionalAlert) => T): T[] => alerts.map(of);
  await tx.execute(
    `INSERT INTO regional_alert_history (duty_code, level, rule, subject, revision, state, opened_at, since, evaluated_at,
       households, of_households, struck_parts, parts, judged_on, policy_version, carrying_parts, holding_parts)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::timestamptz[],
       $8::timestamptz[], $9::timestamptz[], $10::int[], $11::int[], $12::int[], $13::int[], $14::date[], $15::text[],
       $16::int[], $17::int[])`,
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
    ],
  );
}
