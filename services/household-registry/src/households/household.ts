/** A household as the registry knows it; plain facts, no framework. What may stand in it is checked in household-rules.ts. */
import type { DutyCode, HouseholdId, Lifecycle } from '@fangpin/domain-kit';
import type {
  DwellingGrade,
  HouseholdGroup,
  HouseholdState,
  LabourAbility,
  MonitoringState,
  Relation,
  Schooling,
  Sex,
} from './codes.js';

export interface Member {
  /** Keyed hash of the ID number, hexadecimal; absent where the number is not known. The number itself is not kept. */
  readonly idHash?: string;
  readonly birthYear: number;
  readonly sex: Sex;
  readonly relation: Relation;
  readonly labour: LabourAbility;
  readonly schooling: Schooling;
  readonly chronic: boolean;
  readonly majorIllness: boolean;
  /** Of the disability certificate, 1 (most severe) to 4; 0 without one. */
  readonly disabilityGrade: number;
  /** Months of work away from home in a year; 0 for none. */
  readonly workMonths: number;
  /** Branch of that work (products 200–299); 0 for none. */
  readonly workBranch: number;
  /** First day (YYYY-MM-DD, Beijing) on which the member belonged to the household; absent where nobody has said. */
  readonly since?: string;
}

export interface HouseholdLivelihood {
  /** Code of the product table in libs/contracts, which also tells the kind. */
  readonly product: number;
  /** Where the land, the pen or the workplace is: the first duty code of that area. */
  readonly placeCode: DutyCode;
  /** Crops: hundredths of a mu. Animals: heads. Jobs: persons. */
  readonly quantity: number;
  /** Jobs: unified social credit code of the employer (GB 32100-2015); absent where not known or there is none. */
  readonly employer?: string;
}

/** What people state about a household. */
export interface HouseholdFacts {
  readonly dutyCode: DutyCode;
  readonly group: HouseholdGroup;
  readonly monitoring: MonitoringState;
  /** Day (YYYY-MM-DD, Beijing) since when that status holds; absent where nobody has said. */
  readonly monitoringSince?: string;
  readonly dwelling: DwellingGrade;
  readonly onlyDwelling: boolean;
  /** Empty where unknown. */
  readonly waterScheme: string;
  readonly originCode?: DutyCode;
  readonly members: readonly Member[];
  readonly livelihoods: readonly HouseholdLivelihood[];
}

export interface Household extends HouseholdFacts {
  readonly id: HouseholdId;
  /** Packed, see libs/domain-kit revision.ts. */
  readonly revision: number;
  readonly state: HouseholdState;
  readonly sourceKey?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type HouseholdAction = 'leave' | 'return' | 'dissolve';

/** A household that has left may come back; a dissolved one has no member left to come back. */
export const householdLifecycle = {
  active: { leave: 'moved-out', dissolve: 'dissolved' },
  'moved-out': { return: 'active', dissolve: 'dissolved' },
  dissolved: {},
} as const satisfies Lifecycle<HouseholdState, HouseholdAction>;
