/** Judges a prefecture or a province by what the looks at its counties have counted, by one rule and subject. Pure. */
import type { RegionalWarningAbove } from '@fangpin/policy';
import { judgeArea, spreadOver, type AreaFigures, type AreaRule, type Standing } from './area-warning.rule.js';
import { partOf, type Area } from './areas.js';

export type LevelAbove = 'prefecture' | 'province';

export interface AboveFacts {
  /** Active households by the first duty code of their county, of all counties that are held here. */
  readonly active: ReadonlyMap<number, number>;
  /** Distinct households at risk by the rule and subject, by county. */
  readonly atRisk: ReadonlyMap<number, number>;
  /** Whether an area one level below has a warning of the rule and subject open. */
  readonly isStruck: (part: Area) => boolean;
}

/** An area one level below: a county of a prefecture; a prefecture of a province, or a county directly under it. */
export interface Part {
  readonly area: Area;
  readonly households: number;
  readonly of: number;
  /** Its counties that are held here, by their first duty codes. */
  readonly counties: readonly number[];
}

export function isAbove(area: Area): area is Area & { readonly level: LevelAbove } {
  return area.level === 'prefecture' || area.level === 'province';
}

export function ruleAbove(policy: RegionalWarningAbove, level: LevelAbove): AreaRule {
  const { households, struckParts, carriedBy } = policy[level];
  return { households, parts: struckParts, carriedBy, endAfterDays: policy.endAfterDays };
}

/** The areas one level below in which anybody lives. A household stands in one county, so it is counted in one of them. */
export function partsOf(area: Area, { active, atRisk }: Pick<AboveFacts, 'active' | 'atRisk'>): Part[] {
  const parts = new Map<number, { area: Area; households: number; of: number; counties: number[] }>();
  for (const county of [...active.keys()].sort((a, b) => a - b)) {
    const of = active.get(county) ?? 0;
    if (of === 0) continue;
    const below = partOf(area, county);
    const part = parts.get(below.dutyCode) ?? { area: below, households: 0, of: 0, counties: [] };
    part.households += atRisk.get(county) ?? 0;
    part.of += of;
    part.counties.push(county);
    parts.set(below.dutyCode, part);
  }
  return [...parts.values()];
}

/** How the area stands; its standing is undefined while it was never struck. */
export function judgeAbove(
  area: Area,
  facts: AboveFacts,
  before: Standing | undefined,
  rule: AreaRule,
  atMs: number,
): { figures: AreaFigures; standing: Standing | undefined } {
  const parts = partsOf(area, facts);
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const figures: AreaFigures = {
    households: sum(({ households }) => households),
    of: sum(({ of }) => of),
    struckParts: parts.filter((part) => facts.isStruck(part.area)).length,
    parts: parts.length,
    ...(rule.carriedBy === undefined ? {} : { spread: spreadOver(parts, rule.carriedBy) }),
  };
  return { figures, standing: judgeArea(before, { ...figures, atMs }, rule) };
}
