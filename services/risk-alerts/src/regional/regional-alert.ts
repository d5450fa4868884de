/** An early warning for an area as it is stored: the last of its revisions is how it stands. */
import { NotFound, type RegionCode } from '@fangpin/domain-kit';
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
  recalled: boolean;
  [column: string]: unknown;
}

export const REGIONAL_COLUMNS = `duty_code, level, rule, subject, revision, state, opened_at, since, evaluated_at, households,
  of_households, struck_parts, parts, carrying_parts, holding_parts, judged_on::text AS judged_on, policy_version, recalled`;

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
    standing: {
      ...{ state: row.state, openedMs: row.opened_at.getTime(), sinceMs: row.since.getTime() },
      ...(row.recalled ? { recalled: true } : {}),
    },
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
