/** Which villages a damage report asks: those whose losses it tells only as part of a wider area's. Pure. */
import { Lane, type Shock } from '@fangpin/contracts';
import { COUNTRY, dutyRange, parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import type { ReportAsks } from '@fangpin/policy';
import { villagesAsked } from './villages-asked.js';

/** What of a shock's revision decides. */
export type Reported = Pick<Shock, 'kind' | 'lane' | 'observed' | 'damage'>;

export interface AskedArea {
  /** Regions whose figures are spread over several villages, ascending. */
  readonly wide: readonly RegionCode[];
  /** Regions within them that the report gives figures of their own: known already, so not asked. */
  readonly named: readonly RegionCode[];
}

const NOBODY: AskedArea = { wide: [], named: [] };

/**
 * Only what has happened and is looked at household by household asks, of the kinds of policy (`report-asks`), and only by figures:
 * without figures a report is of everybody in its area alike. `rulesOf`: policy of a region. Heads of animals are no such figures: the answer of a
 * village knows none.
 */
export function areaAsked(said: Reported, rulesOf: (region: RegionCode) => ReportAsks): AskedArea {
  if (said.lane !== Lane.ALERT || !said.observed) return NOBODY;
  const regions = said.damage.filter(counts).map(({ region }) => parseRegionCode(region, 'damage.region'));
  const wide = new Set<RegionCode>();
  const named = new Set<RegionCode>();
  for (const region of regions) {
    const { kinds, fromVillages } = rulesOf(region);
    if (!kinds.includes(said.kind)) continue;
    (holdsVillages(region, fromVillages) ? wide : named).add(region);
  }
  return wide.size === 0 ? NOBODY : { wide: [...wide].sort(), named: [...named].sort() };
}

type Damage = Shock['damage'][number];

const counts = ({ cropHitCentimu, cropDamagedCentimu, cropLostCentimu, housesCollapsed, housesDamaged }: Damage) =>
  cropHitCentimu + cropDamagedCentimu + cropLostCentimu > 0n || housesCollapsed + housesDamaged > 0;

function holdsVillages(region: RegionCode, atLeast: number): boolean {
  let found = 0;
  for (const { villages } of villagesAsked([region], dutyRange(COUNTRY))) {
    found += villages.length;
    if (found >= atLeast) return true;
  }
  return false;
}

/** The area in words that are compared, never read: two revisions with the same ask the same villages. Empty where nobody is asked. */
export const areaKey = ({ wide, named }: AskedArea): string =>
  [...wide, ...named.map((region) => `-${region}`)].join(' ');
