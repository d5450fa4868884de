import type { RegionCode } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { RegionalWarning } from '@fangpin/policy';
import { page, type Page, type PageRequest } from '@fangpin/service-kit';
import { rangeOf, regionOf, type Area } from './areas.js';
import { countsWithin } from './county-counts.js';
import type { RegionalAlert } from './regional-alert.js';
import type { RegionalAlertMember } from './regional-alert.responses.js';
import { numbersOf, regionalMembers } from './regional-members.js';

/**
 * The households behind a warning of a prefecture or province, county by county; the transaction is to see the cell. A page reads the
 * next of the counties in which the last look counted any, each by the county's own policy, and not the whole area.
 */
export async function membersAbove(
  tx: Tx,
  alert: RegionalAlert,
  policyOf: (county: RegionCode) => RegionalWarning,
  now: Date,
  { limit, after }: PageRequest,
): Promise<Page<RegionalAlertMember>> {
  const [fromCounty = -1, household = -1] = numbersOf(after, 2);
  const counties = (await countsWithin(tx, rangeOf(alert.area), alert)).filter(({ county }) => county >= fromCounty);
  const found: { readonly county: number; readonly member: RegionalAlertMember }[] = [];
  for (const { county } of counties) {
    const wanted = limit + 1 - found.length;
    if (wanted <= 0) break;
    const area: Area = { level: 'county', dutyCode: county };
    const { items } = await regionalMembers(tx, { ...alert, area }, policyOf(regionOf(area)), now, {
      limit: wanted,
      ...(county === fromCounty ? { after: [household] } : {}),
    });
    found.push(...items.map((member) => ({ county, member })));
  }
  const { items, nextCursor } = page(found, limit, ({ county, member }) => [county, member.householdId]);
  return { items: items.map(({ member }) => member), nextCursor };
}
