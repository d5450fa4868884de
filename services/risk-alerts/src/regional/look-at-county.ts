/** Judges the early warnings of one county by its households' alerts as they stand, and keeps what changed as new revisions, and what was counted. */
import { dutyRange, type RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { areaOf, isJudgedIn, regionOf } from './areas.js';
import { countAtRisk, subjectKey } from './count-at-risk.js';
import { keepCounts } from './county-counts.js';
import { judgeCounty } from './judge-county.rule.js';
import { nextRevision } from './next-revision.js';
import { keysOf, rulesIn, warningId, type RegionalAlert } from './regional-alert.js';
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
  const changed: RegionalAlert[] = [];
  for (const { rule, subject } of keysOf(counts.atRisk.keys(), before.values())) {
    if (!rules.has(rule)) continue;
    const warned = [...before.values()].filter((alert) => alert.rule === rule && alert.subject === subject);
    const judged = judgeCounty(
      {
        active: counts.active,
        atRisk: counts.atRisk.get(subjectKey(rule, subject)) ?? new Map(),
        warned: warned.map(({ area }) => area),
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
