/** Judges the early warnings of one prefecture or province by what the looks at its counties have counted. */
import type { Tx } from '@fangpin/persistence';
import { rangeOf, regionOf, type Area } from './areas.js';
import { subjectKey } from './count-at-risk.js';
import { countedCounties, countsWithin, noteCountiesNotLookedAt } from './county-counts.js';
import { isAbove, judgeAbove, partsOf, ruleAbove } from './judge-above.rule.js';
import type { Look } from './look-at-county.js';
import { nextRevision } from './next-revision.js';
import { keysOf, rulesIn, warningId, type RegionalAlert } from './regional-alert.js';
import { insertRegionalAlerts, lastAlertsOf, statesOf } from './regional-alert-rows.js';

export async function lookAbove(tx: Tx, area: Area, { now, day, policy }: Look): Promise<void> {
  if (!isAbove(area)) throw new Error(`${regionOf(area)} is no prefecture or province`);
  const range = rangeOf(area);
  await noteCountiesNotLookedAt(tx, range, now);
  const counties = await countedCounties(tx, range);
  const active = new Map([...counties].map(([county, { of }]) => [county, of]));
  const atRisk = new Map<string, Map<number, number>>();
  for (const { county, rule, subject, households } of await countsWithin(tx, range)) {
    const key = subjectKey(rule, subject);
    const byCounty = atRisk.get(key) ?? new Map<number, number>();
    atRisk.set(key, byCounty.set(county, households));
  }
  const rules = rulesIn(policy, 'regional-warning-above', regionOf(area), day);
  const before = await lastAlertsOf(tx, area);
  const keys = keysOf(atRisk.keys(), before.values()).filter(({ rule }) => rules.has(rule));
  const of = ({ rule, subject }: (typeof keys)[number]): ReadonlyMap<number, number> =>
    atRisk.get(subjectKey(rule, subject)) ?? new Map();
  // A part without households at risk has nothing open: it eased at the look that found none.
  const below = keys.flatMap((key) =>
    partsOf(area, { active, atRisk: of(key) }).flatMap((part) =>
      part.households === 0 ? [] : [{ ...key, area: part.area }],
    ),
  );
  const states = await statesOf(tx, below);
  const changed: RegionalAlert[] = [];
  for (const { rule, subject } of keys) {
    const value = rules.get(rule);
    if (value === undefined) continue;
    const { figures, standing } = judgeAbove(
      area,
      {
        active,
        atRisk: of({ rule, subject }),
        isStruck: (part) => states.get(warningId({ area: part, rule, subject })) === 'open',
      },
      before.get(warningId({ area, rule, subject }))?.standing,
      ruleAbove(value, area.level),
      now.getTime(),
    );
    if (standing === undefined) continue;
    const by = { area, rule, subject, evaluatedAt: now, judgedOn: day, policyVersion: policy.version };
    changed.push(...nextRevision(before, { ...by, figures, standing }));
  }
  await insertRegionalAlerts(tx, changed);
}
