/** Findings of departments, as intake sends them and as they are judged. */
import { randomUUID } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { FindingKind, FindingSchema, FindingState, type Finding } from '@fangpin/contracts';
import { findingFacts, type FindingFacts } from '../../src/findings/finding-facts.js';
import type { FoundHousehold } from '../../src/findings/finding-loss.rule.js';
import { dutyOf, revision, type HouseholdSpec } from './world.js';

export interface FindingChange extends Omit<MessageInitShape<typeof FindingSchema>, '$typeName'> {
  readonly version?: number;
}

/** Something found of a household on the last of July; `change` says what. */
export function finding(household: HouseholdSpec, { version = 1, ...change }: FindingChange): Finding {
  return create(FindingSchema, {
    findingId: randomUUID(),
    revision: BigInt(revision(version)),
    householdId: BigInt(household.id),
    dutyCode: BigInt(dutyOf(household)),
    state: FindingState.RAISED,
    occurredOn: '2026-07-31',
    department: 'health-insurance',
    ...change,
  });
}

/** What a department of medical insurance finds, beside the sums. */
export const MEDICAL = { kind: FindingKind.MEDICAL_SPENDING, spentSince: '2026-01-01' };

/** What a household has paid itself for treatment since January. */
export function medicalCost(household: HouseholdSpec, paidYuan: number, change: FindingChange = {}): Finding {
  return finding(household, {
    ...MEDICAL,
    spentFen: BigInt(paidYuan * 100),
    ...change,
  });
}

/** Of no household in particular, on a day of 2025: the same in every run. */
export const FOUND = { findingId: '00000000-0000-4000-8000-000000000001', occurredOn: '2025-07-31' };

/** {@link FOUND}, as rules take it. */
export function found(change: FindingChange): FindingFacts {
  return findingFacts(finding({ id: 7 }, { ...FOUND, ...change }));
}

/** Four people with 12,000 yuan each, whom nobody watches and who live in their only house. */
export function foundHousehold(change: Partial<FoundHousehold> = {}): FoundHousehold {
  return {
    persons: 4,
    perCapitaFen: 1_200_000,
    facts: 0,
    livelihoods: [],
    watched: false,
    onlyDwelling: true,
    ...change,
  };
}
