/** Between a household and its rows. */
import type { DutyCode } from '@fangpin/domain-kit';
import {
  dwellingGrades,
  householdGroups,
  householdStates,
  labourAbilities,
  monitoringStates,
  relations,
  schoolings,
  sexes,
} from '../codes.js';
import type { Household, HouseholdLivelihood, Member } from '../household.js';
import { livelihoodKindOf } from '../household-profile.js';
import type { HouseholdMemberEntity } from './household-member.entity.js';
import type { HouseholdEntity } from './household.entity.js';
import type { LivelihoodEntity } from './livelihood.entity.js';

export function householdRow(household: Household): HouseholdEntity {
  return {
    id: household.id,
    revision: household.revision,
    dutyCode: household.dutyCode,
    state: householdStates.toCode(household.state),
    group: householdGroups.toCode(household.group),
    monitoring: monitoringStates.toCode(household.monitoring),
    monitoringSince: household.monitoringSince ?? null,
    dwelling: dwellingGrades.toCode(household.dwelling),
    onlyDwelling: household.onlyDwelling,
    waterScheme: household.waterScheme,
    originCode: household.originCode ?? null,
    sourceKey: household.sourceKey ?? null,
    createdAt: household.createdAt,
    updatedAt: household.updatedAt,
  };
}

export function memberRow(
  household: Pick<Household, 'id' | 'dutyCode'>,
  member: Member,
  at: number,
): HouseholdMemberEntity {
  return {
    householdId: household.id,
    memberNo: at + 1,
    dutyCode: household.dutyCode,
    birthYear: member.birthYear,
    sex: sexes.toCode(member.sex),
    relation: relations.toCode(member.relation),
    labour: labourAbilities.toCode(member.labour),
    schooling: schoolings.toCode(member.schooling),
    chronic: member.chronic,
    majorIllness: member.majorIllness,
    disabilityGrade: member.disabilityGrade,
    workMonths: member.workMonths,
    workBranch: member.workBranch,
    since: member.since ?? null,
    idHash: member.idHash === undefined ? null : Buffer.from(member.idHash, 'hex'),
  };
}

export function livelihoodRow(
  household: Pick<Household, 'id' | 'dutyCode'>,
  livelihood: HouseholdLivelihood,
  at: number,
): LivelihoodEntity {
  return {
    householdId: household.id,
    livelihoodNo: at + 1,
    dutyCode: household.dutyCode,
    kind: livelihoodKindOf(livelihood.product),
    product: livelihood.product,
    placeCode: livelihood.placeCode,
    quantity: livelihood.quantity,
    employer: livelihood.employer ?? null,
  };
}

export function memberFromRow(row: HouseholdMemberEntity): Member {
  return {
    birthYear: row.birthYear,
    sex: sexes.toWord(row.sex),
    relation: relations.toWord(row.relation),
    labour: labourAbilities.toWord(row.labour),
    schooling: schoolings.toWord(row.schooling),
    chronic: row.chronic,
    majorIllness: row.majorIllness,
    disabilityGrade: row.disabilityGrade,
    workMonths: row.workMonths,
    workBranch: row.workBranch,
    ...(row.since === null ? {} : { since: row.since }),
    ...(row.idHash === null ? {} : { idHash: row.idHash.toString('hex') }),
  };
}

export function livelihoodFromRow(row: LivelihoodEntity): HouseholdLivelihood {
  return {
    product: row.product,
    placeCode: row.placeCode as DutyCode,
    quantity: row.quantity,
    ...(row.employer === null ? {} : { employer: row.employer }),
  };
}

/** Rows of members and livelihoods must be the household's own, in order of their numbers. */
export function householdFromRows(
  row: HouseholdEntity,
  members: readonly HouseholdMemberEntity[],
  livelihoods: readonly LivelihoodEntity[],
): Household {
  return {
    id: row.id,
    revision: row.revision,
    dutyCode: row.dutyCode as DutyCode,
    state: householdStates.toWord(row.state),
    group: householdGroups.toWord(row.group),
    monitoring: monitoringStates.toWord(row.monitoring),
    ...(row.monitoringSince === null ? {} : { monitoringSince: row.monitoringSince }),
    dwelling: dwellingGrades.toWord(row.dwelling),
    onlyDwelling: row.onlyDwelling,
    waterScheme: row.waterScheme,
    ...(row.originCode === null ? {} : { originCode: row.originCode as DutyCode }),
    ...(row.sourceKey === null ? {} : { sourceKey: row.sourceKey }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    members: members.map(memberFromRow),
    livelihoods: livelihoods.map(livelihoodFromRow),
  };
}
