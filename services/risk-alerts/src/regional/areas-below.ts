/** Which areas below a prefecture or province carry its warning, which are counted, and which of the lists are not held here. */
import { levelOf, toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { CarryThreshold } from '@fangpin/policy';
import { childrenOf } from '@fangpin/regions';
import { areaName } from './area-words.js';
import { householdLimits } from './area-warning.rule.js';
import { findArea, partOf, rangeOf, regionOf, type Area } from './areas.js';
import { countedCounties, countsWithin } from './county-counts.js';
import { partsOf } from './judge-above.rule.js';
import { warningId, type RegionalAlert } from './regional-alert.js';
import { statesOf } from './regional-alert-rows.js';
import type { AreasBelow } from './areas-below.responses.js';

/** As the last look at each county counted, the largest share first: it may be later than the figures of the warning. */
export async function areasBelow(tx: Tx, alert: RegionalAlert, carriedBy: CarryThreshold): Promise<AreasBelow> {
  const { area, rule, subject } = alert;
  const counted = await countedCounties(tx, rangeOf(area));
  const counts = new Map((await countsWithin(tx, rangeOf(area), alert)).map((count) => [count.county, count]));
  const parts = partsOf(area, {
    active: new Map([...counted].map(([county, { of }]) => [county, of])),
    atRisk: new Map([...counts].map(([county, { households }]) => [county, households])),
  });
  const states = await statesOf(
    tx,
    parts.map((part) => ({ area: part.area, rule, subject })),
  );
  const here = new Set(parts.map((part) => part.area.dutyCode));
  const listed = listedBelow(area);
  return {
    counted: parts.length,
    listed: listed.length,
    notHeld: listed
      .filter(({ dutyCode }) => !here.has(dutyCode))
      .map((one) => ({ region: regionOf(one), name: areaName({ area: one }) })),
    areas: parts
      .map(({ area: below, households, of, counties }) => {
        const id = warningId({ area: below, rule, subject });
        const limits = householdLimits(of, carriedBy);
        const days = counties.flatMap((county) => counts.get(county)?.withinDays ?? []);
        return {
          warningId: states.has(id) ? id : null,
          state: states.get(id) ?? null,
          region: regionOf(below),
          name: areaName({ area: below }),
          level: below.level,
          households,
          ofHouseholds: of,
          share: shareOf(households, of),
          carries: households >= limits.open,
          limit: limits,
          withinDays: days.length === 0 ? null : Math.max(...days),
          counties: counties.length,
          asOf: toBeijingTime(new Date(Math.min(...counties.map((one) => counted.get(one)?.countedAt.getTime() ?? 0)))),
        };
      })
      .sort((a, b) => b.share - a.share || b.households - a.households || (a.region < b.region ? -1 : 1)),
  };
}

/** Rounded to hundredths of a percent; 0 where nobody lives. */
export function shareOf(households: number, of: number): number {
  return of === 0 ? 0 : Math.round((households / of) * 10_000) / 10_000;
}

/** What the lists of divisions name one level below. */
function listedBelow(area: Area): Area[] {
  const counties = childrenOf(regionOf(area)).flatMap((child) =>
    levelOf(child.code) === 'prefecture' ? childrenOf(child.code) : [child],
  );
  const parts = counties.flatMap(({ code }) => {
    // A prefecture without counties has its townships directly below; its households stand in a county of the same number.
    const county = findArea(code.slice(0, 6));
    return county === undefined ? [] : [partOf(area, county.dutyCode)];
  });
  return [...new Map(parts.map((part) => [part.dutyCode, part])).values()];
}
