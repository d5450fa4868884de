/** Judges the early warnings of one county by its households' alerts as they stand, and keeps what changed as new revisions, and what was counted. */
import { dutyRange, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet, RegionalWarning } from '@fangpin/policy';
import { householdLimits } from './area-warning.rule.js';
import { areaOf, isJudgedIn, regionOf, sumsAt } from './areas.js';
import { countAtRisk, subjectKey, type CountyCounts } from './count-at-risk.js';
import { keepCounts } from './county-counts.js';
import { countStood } from './count-stood.js';
import { areaRule, judgeCounty, type LevelOfCounty } from './judge-county.rule.js';
import { nextRevision } from './next-revision.js';
import { keysOf, rulesIn, warningId, type RegionalAlert, type WarningKey } from './regional-alert.js';
import { insertRegionalAlerts, lastRegionalAlerts } from './regional-alert-rows.js';

/** When, and by what policy, a look judges. */
export interface Look {
  readonly now: Date;
  /** The day of `now`, Asia/Shanghai. */
  readonly day: string;
  readonly policy: PolicySet;
  /** What this process holds. */
  readonly cell: RegionCode;
}

export async function lookAtCounty(tx: Tx, county: RegionCode, { now, day, policy, cell }: Look): Promise<void> {
  const range = dutyRange(county);
  await tx.execute(`SET LOCAL work_mem = '32MB'`);
  const rules = rulesIn(policy, 'regional-warning', county, day);
  const counts = await countAtRisk(tx, range, rules, now);
  const before = await lastRegionalAlerts(tx, range);
  const policyOf = ({ area, rule }: WarningKey): RegionalWarning | undefined =>
    rules.has(rule) ? policy.get('regional-warning', regionOf(area), day, rule).value : undefined;
  const stood = await countStood(tx, fallen(before, counts, policyOf), rules, range);
  const changed: RegionalAlert[] = [];
  for (const { rule, subject } of keysOf(counts.atRisk.keys(), before.values())) {
    if (!rules.has(rule)) continue;
    const warned = [...before.values()].filter((alert) => alert.rule === rule && alert.subject === subject);
    const judged = judgeCounty(
      {
        active: counts.active,
        atRisk: counts.atRisk.get(subjectKey(rule, subject)) ?? new Map(),
        warned: warned.map(({ area }) => area),
        stood: (area) => stood.get(warningId({ area, rule, subject })),
      },
      (area) => before.get(warningId({ area, rule, subject }))?.standing,
      (area) => policy.get('regional-warning', regionOf(area), day, rule).value,
      now.getTime(),
    );
    const by = { rule, subject, evaluatedAt: now, judgedOn: day, policyVersion: policy.version };
    for (const one of judged) changed.push(...nextRevision(before, { ...one, ...by }));
  }
  await insertRegionalAlerts(tx, changed);
  // A cell of some townships has no counts of a county.
  const whole = areaOf('county', range.lo);
  if (isJudgedIn(cell, whole)) await keepCounts(tx, whole.dutyCode, counts, rules, now);
}

/** Warnings that stand, open or eased, where somebody lives, of fewer households than would open them: what they stand on may have been taken back. */
function fallen(
  before: ReadonlyMap<string, RegionalAlert>,
  { active, atRisk }: CountyCounts,
  policyOf: (key: WarningKey) => RegionalWarning | undefined,
): RegionalAlert[] {
  return [...before.values()].filter(({ area, rule, subject, standing }) => {
    const level = area.level as LevelOfCounty;
    const of = sumsAt(level, active).get(area.dutyCode) ?? 0;
    const policy = policyOf({ area, rule, subject });
    if (standing.state === 'ended' || of === 0 || policy === undefined) return false;
    const households = sumsAt(level, atRisk.get(subjectKey(rule, subject)) ?? new Map()).get(area.dutyCode) ?? 0;
    return households < householdLimits(of, areaRule(policy, level).households).open;
  });
}
