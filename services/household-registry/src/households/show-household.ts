/** How a household looks on the API. */
import { findProduct } from '@fangpin/contracts';
import { toBeijingTime, type RegionCode } from '@fangpin/domain-kit';
import { fullName } from '@fangpin/regions';
import { etagOf } from '@fangpin/service-kit';
import type { HouseholdRegistered, HouseholdResponse, LivelihoodResponse } from './dto/household.response.js';
import type { MemberRequest } from './dto/member.request.js';
import { compositionOf } from './household-profile.js';
import type { Household, HouseholdLivelihood, Member } from './household.js';
import { placeText } from './places.js';
import { livelihoodQuantity } from './read-request.js';

export function showHousehold(household: Household): HouseholdResponse {
  const { persons, labourers } = compositionOf(household.members);
  const villageCode = placeText(household.dutyCode);
  return {
    id: household.id,
    etag: etagOf(household.revision),
    villageCode,
    villageName: fullName(villageCode.slice(0, 12) as RegionCode) ?? '',
    state: household.state,
    group: household.group,
    monitoring: household.monitoring,
    ...(household.monitoringSince === undefined ? {} : { monitoringSince: household.monitoringSince }),
    dwelling: household.dwelling,
    onlyDwelling: household.onlyDwelling,
    waterScheme: household.waterScheme,
    ...(household.originCode === undefined ? {} : { origin: placeText(household.originCode) }),
    persons,
    labourers,
    members: household.members.map(showMember),
    livelihoods: household.livelihoods.map(showLivelihood),
    createdAt: toBeijingTime(household.createdAt),
    updatedAt: toBeijingTime(household.updatedAt),
  };
}

export function showRegistered(household: Household): HouseholdRegistered {
  return {
    id: household.id,
    etag: etagOf(household.revision),
    villageCode: placeText(household.dutyCode),
    state: household.state,
  };
}

/** Who a member is, is not shown: not even the hash. */
function showMember({ workBranch, idHash: _, ...member }: Member): MemberRequest {
  const branch = findProduct(workBranch);
  return { ...member, ...(branch === undefined ? {} : { workBranch: branch.key }) };
}

function showLivelihood(livelihood: HouseholdLivelihood): LivelihoodResponse {
  const product = findProduct(livelihood.product);
  return {
    product: product?.key ?? String(livelihood.product),
    name: product?.name ?? '',
    kind: product?.kind ?? '',
    place: placeText(livelihood.placeCode),
    ...livelihoodQuantity(livelihood),
    ...(livelihood.employer === undefined ? {} : { employer: livelihood.employer }),
  };
}
