/** From a checked request body to facts: product names, areas and units are resolved, every problem of all of them is told. */
import { findProduct, findProductByKey, findProductByName, type Product, type ProductKind } from '@fangpin/contracts';
import { dutyCodeOf, InvalidFields, type DutyCode, type FieldProblem } from '@fangpin/domain-kit';
import type { HouseholdPatch } from './apply-change.js';
import type { ChangeHouseholdRequest, RegisterHouseholdRequest } from './dto/household.request.js';
import type { LivelihoodRequest } from './dto/livelihood.request.js';
import type { MemberRequest } from './dto/member.request.js';
import type { IdentityKey } from '@fangpin/service-kit';
import { livelihoodProblems, memberProblems, monitoringSinceProblems } from './household-rules.js';
import type { HouseholdFacts, HouseholdLivelihood, Member } from './household.js';
import { identityProblems, readIdentity } from './member-identity.js';
import { findPlace, findVillage, KNOWN_AREA, KNOWN_VILLAGE } from './places.js';

const unitOf = { crop: 'mu', animal: 'heads', job: 'persons' } as const satisfies Record<
  ProductKind,
  keyof LivelihoodRequest
>;

/** Refuses with InvalidFields naming every bad field. */
export function readRegistration(request: RegisterHouseholdRequest, today: Date, key: IdentityKey): HouseholdFacts {
  const { villageCode, members, livelihoods, ...rest } = request;
  const facts = readChange({ villageCode, members, livelihoods, ...rest }, undefined, today, key);
  return facts as HouseholdFacts;
}

/** Refuses with InvalidFields naming every bad field. `home` is where the household is, for livelihoods without a place. */
export function readChange(
  request: ChangeHouseholdRequest & { sourceKey?: string },
  home: DutyCode | undefined,
  today: Date,
  key: IdentityKey,
): HouseholdPatch {
  const problems: FieldProblem[] = [];
  const { villageCode, origin, members, livelihoods, sourceKey: _, ...plain } = request;
  const village = villageCode === undefined ? undefined : findVillage(villageCode);
  if (villageCode !== undefined && village === undefined)
    problems.push({ field: 'villageCode', value: villageCode, rule: KNOWN_VILLAGE });
  const dutyCode = village === undefined ? undefined : dutyCodeOf(village);
  const originCode = origin === undefined ? undefined : findPlace(origin);
  if (origin !== undefined && originCode === undefined)
    problems.push({ field: 'origin', value: origin, rule: KNOWN_AREA });
  if (request.monitoringSince !== undefined) problems.push(...monitoringSinceProblems(request.monitoringSince, today));
  const readMembers = members?.map((member, i) => readMember(member, i, key, problems));
  const readLivelihoods = livelihoods?.map((one, i) => readLivelihood(one, i, dutyCode ?? home, problems));
  // The rules below would tell the same fault in a second way.
  if (problems.length === 0) {
    problems.push(...(readMembers === undefined ? [] : memberProblems(readMembers, today)));
    problems.push(...(readMembers === undefined ? [] : identityProblems(readMembers)));
    problems.push(...(readLivelihoods === undefined ? [] : livelihoodProblems(readLivelihoods)));
  }
  if (problems.length > 0) throw new InvalidFields(problems);
  const patch: HouseholdPatch = {
    ...plain,
    ...(dutyCode === undefined ? {} : { dutyCode }),
    ...(originCode === undefined ? {} : { originCode }),
    ...(readMembers === undefined ? {} : { members: readMembers }),
    ...(readLivelihoods === undefined ? {} : { livelihoods: readLivelihoods }),
  };
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function productNamed(text: string): Product | undefined {
  return findProductByKey(text) ?? findProductByName(text);
}

function readMember(member: MemberRequest, i: number, key: IdentityKey, problems: FieldProblem[]): Member {
  const idHash = readIdentity(member.idNumber, `members[${i}].idNumber`, key, problems);
  const branch = member.workBranch === undefined ? undefined : productNamed(member.workBranch);
  if (member.workBranch !== undefined && branch?.kind !== 'job')
    problems.push({
      field: `members[${i}].workBranch`,
      value: member.workBranch,
      rule: 'must be a known branch of work',
    });
  return {
    birthYear: member.birthYear,
    sex: member.sex,
    relation: member.relation,
    labour: member.labour,
    schooling: member.schooling,
    chronic: member.chronic,
    majorIllness: member.majorIllness,
    disabilityGrade: member.disabilityGrade,
    workMonths: member.workMonths,
    workBranch: branch?.code ?? 0,
    ...(member.since === undefined ? {} : { since: member.since }),
    ...(idHash === undefined ? {} : { idHash }),
  };
}

function readLivelihood(
  livelihood: LivelihoodRequest,
  i: number,
  home: DutyCode | undefined,
  problems: FieldProblem[],
): HouseholdLivelihood {
  const at = `livelihoods[${i}]`;
  const product = productNamed(livelihood.product);
  if (product === undefined)
    problems.push({ field: `${at}.product`, value: livelihood.product, rule: 'must be a known product' });
  const placeCode = livelihood.place === undefined ? home : findPlace(livelihood.place);
  if (livelihood.place !== undefined && placeCode === undefined)
    problems.push({ field: `${at}.place`, value: livelihood.place, rule: KNOWN_AREA });
  const quantity = product === undefined ? undefined : readQuantity(livelihood, product, at, problems);
  return {
    product: product?.code ?? 0,
    placeCode: placeCode ?? (0 as DutyCode),
    quantity: quantity ?? 0,
    ...(livelihood.employer === undefined ? {} : { employer: livelihood.employer }),
  };
}

function readQuantity(
  livelihood: LivelihoodRequest,
  product: Product,
  at: string,
  problems: FieldProblem[],
): number | undefined {
  const unit = unitOf[product.kind];
  for (const other of Object.values(unitOf))
    if (other !== unit && livelihood[other] !== undefined)
      problems.push({
        field: `${at}.${other}`,
        value: livelihood[other],
        rule: `${product.key} is counted in ${unit}`,
      });
  const given = livelihood[unit];
  if (given === undefined) {
    problems.push({ field: `${at}.${unit}`, value: null, rule: `must be given for ${product.key}` });
    return undefined;
  }
  return unit === 'mu' ? Math.round(given * 100) : given;
}

/** A livelihood as the API shows it, in the unit of its product. */
export function livelihoodQuantity({ product, quantity }: HouseholdLivelihood): {
  mu?: number;
  heads?: number;
  persons?: number;
} {
  const kind = findProduct(product)?.kind;
  return kind === 'crop' ? { mu: quantity / 100 } : kind === 'animal' ? { heads: quantity } : { persons: quantity };
}
