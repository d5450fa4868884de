/** Judges all areas of a county by one rule and subject: villages first, then what their state and households make of townships and the county. Pure. */
import type { RegionalWarning } from '@fangpin/policy';
import { areaOf, isNamed, sumsAt, type Area, type AreaLevel } from './areas.js';
import { judgeArea, type AreaFigures, type AreaRule, type Observation, type Standing } from './area-warning.rule.js';

export interface CountyFacts {
  /** Active households by the first duty code of their village. */
  readonly active: ReadonlyMap<number, number>;
  /** Distinct households at risk by the rule and subject, by village. */
  readonly atRisk: ReadonlyMap<number, number>;
  /** Areas warned of before by the rule and subject: one that nobody lives in any more (a village that was merged) eases and ends too. */
  readonly warned: readonly Area[];
  /** Households of an area that counted since its warning opened, and whose alerts were not taken back; undefined where that was not counted. */
  readonly stood?: (area: Area) => number | undefined;
}

export interface JudgedArea {
  readonly area: Area;
  readonly figures: AreaFigures;
  readonly standing: Standing;
}

/** Levels that one look at a county judges. */
export type LevelOfCounty = Exclude<AreaLevel, 'prefecture' | 'province'>;
const LEVELS: readonly LevelOfCounty[] = ['village', 'township', 'county'];
const LEVEL_ABOVE: Readonly<Record<LevelOfCounty, LevelOfCounty | undefined>> = {
  village: 'township',
  township: 'county',
  county: undefined,
};

/** The rule as it holds for an area: its own county or township may have another than its neighbour's. */
export function areaRule(policy: RegionalWarning, level: LevelOfCounty): AreaRule {
  const { endAfterDays } = policy;
  if (level === 'village') return { households: policy.village, endAfterDays };
  if (level === 'township') return { households: policy.township, parts: policy.villagesOfTownship, endAfterDays };
  return { households: policy.county, parts: policy.townshipsOfCounty, endAfterDays };
}

/** Areas with a warning, open or past. `before` answers how an area stood; those never struck are left out. */
export function judgeCounty(
  { active, atRisk, warned, stood }: CountyFacts,
  before: (area: Area) => Standing | undefined,
  policyOf: (area: Area) => RegionalWarning,
  atMs: number,
): JudgedArea[] {
  const judged: JudgedArea[] = [];
  let parts = new Map<number, number>();
  let struck = new Map<number, number>();
  let standings: { readonly over: number; readonly standing: Standing }[] = [];
  for (const level of LEVELS) {
    const active_ = sumsAt(level, active);
    const atRisk_ = sumsAt(level, atRisk);
    const partsAbove = new Map<number, number>();
    const struckAbove = new Map<number, number>();
    const standingsAbove: typeof standings = [];
    const lived = new Set([...active_.keys(), ...atRisk_.keys()]);
    const before_ = warned.filter((area) => area.level === level).map((area) => area.dutyCode);
    for (const dutyCode of new Set([...lived, ...before_])) {
      const area: Area = { level, dutyCode };
      if (!isNamed(area)) continue;
      const figures: AreaFigures = {
        households: atRisk_.get(dutyCode) ?? 0,
        of: active_.get(dutyCode) ?? 0,
        struckParts: struck.get(dutyCode) ?? 0,
        parts: parts.get(dutyCode) ?? 0,
      };
      const last = before(area);
      const households = stood?.(area);
      const seen: Observation = {
        ...figures,
        atMs,
        stood:
          last === undefined || households === undefined
            ? undefined
            : {
                households,
                struckParts: standings.filter((part) => part.over === dutyCode && hasStood(part.standing, last)).length,
              },
      };
      const standing = judgeArea(last, seen, areaRule(policyOf(area), level));
      if (standing !== undefined) judged.push({ area, figures, standing });
      const above = LEVEL_ABOVE[level];
      if (above === undefined || !lived.has(dutyCode)) continue;
      const { dutyCode: over } = areaOf(above, dutyCode);
      if (standing !== undefined) standingsAbove.push({ over, standing });
      partsAbove.set(over, (partsAbove.get(over) ?? 0) + 1);
      if (standing?.state === 'open') struckAbove.set(over, (struckAbove.get(over) ?? 0) + 1);
    }
    parts = partsAbove;
    struck = struckAbove;
    standings = standingsAbove;
  }
  return judged;
}

/** Whether a part was warned of since the area above it was, and not by what was taken back alone. */
function hasStood(part: Standing, above: Standing): boolean {
  return part.recalled !== true && (part.state !== 'ended' || part.sinceMs >= above.openedMs);
}
