/** What the registry says about a household on the bus: counts and codes, nothing about a single person. */
import { create } from '@bufbuild/protobuf';
import { findProduct, HouseholdProfileSchema, LivelihoodKind, topics, type HouseholdProfile } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import {
  canWork,
  dwellingGrades,
  householdGroups,
  householdStates,
  monitoringStates,
  type DwellingGrade,
  type HouseholdGroup,
  type HouseholdState,
  type MonitoringState,
} from './codes.js';
import type { HouseholdLivelihood, Member } from './household.js';

const livelihoodKinds = {
  crop: LivelihoodKind.CROP,
  animal: LivelihoodKind.ANIMAL,
  job: LivelihoodKind.JOB,
} as const;

export interface Composition {
  readonly persons: number;
  /** Members who can work (普通, 技能, 弱劳动力). */
  readonly labourers: number;
  /** Members with a disability certificate of grade 1 or 2. */
  readonly severelyDisabled: number;
  readonly migrantWorkers: number;
  readonly pupils: number;
}

/** Counts of a household's members. */
export function compositionOf(members: readonly Member[]): Composition {
  const count = (is: (member: Member) => boolean): number => members.reduce((sum, m) => (is(m) ? sum + 1 : sum), 0);
  return {
    persons: members.length,
    labourers: count((m) => canWork(m.labour)),
    severelyDisabled: count((m) => m.disabilityGrade === 1 || m.disabilityGrade === 2),
    migrantWorkers: count((m) => m.workMonths > 0),
    pupils: count((m) => m.schooling !== 'none'),
  };
}

/** The kind of a livelihood, as the tables and the event number it. Refuses an unknown product. */
export function livelihoodKindOf(product: number): LivelihoodKind {
  const known = findProduct(product);
  if (known === undefined) throw new RangeError(`no product ${product}`);
  return livelihoodKinds[known.kind];
}

export interface ProfileSource extends Composition {
  readonly id: number;
  readonly revision: number;
  readonly dutyCode: number;
  readonly state: HouseholdState;
  readonly group: HouseholdGroup;
  readonly monitoring: MonitoringState;
  readonly monitoringSince?: string;
  readonly dwelling: DwellingGrade;
  readonly onlyDwelling: boolean;
  readonly waterScheme: string;
  readonly livelihoods: readonly HouseholdLivelihood[];
}

export function profileOf(household: ProfileSource): HouseholdProfile {
  return create(HouseholdProfileSchema, {
    householdId: BigInt(household.id),
    revision: BigInt(household.revision),
    dutyCode: BigInt(household.dutyCode),
    state: householdStates.toCode(household.state),
    group: householdGroups.toCode(household.group),
    persons: household.persons,
    labourers: household.labourers,
    severelyDisabled: household.severelyDisabled,
    migrantWorkers: household.migrantWorkers,
    pupils: household.pupils,
    dwelling: dwellingGrades.toCode(household.dwelling),
    onlyDwelling: household.onlyDwelling,
    waterScheme: household.waterScheme,
    monitoring: monitoringStates.toCode(household.monitoring),
    monitoringSince: household.monitoringSince ?? '',
    livelihoods: household.livelihoods.map(({ product, placeCode, quantity, employer }) => ({
      kind: livelihoodKindOf(product),
      product,
      placeCode: BigInt(placeCode),
      quantity,
      employer: employer ?? '',
    })),
  });
}

/** The profile as a message of the household topic; its key is the household's id. */
export function profileMessage(household: ProfileSource, at?: Date): OutgoingMessage {
  return encodeEvent(topics.household, profileOf(household), {
    key: String(household.id),
    ...(at === undefined ? {} : { at }),
  });
}
