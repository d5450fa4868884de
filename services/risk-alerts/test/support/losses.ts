/** What befalls 永仁县 on a day of July, and who lives there, as loss models take it. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ShockSchema, type Cause } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import type { AssessedHousehold } from '../../src/loss/household.js';
import { shockFacts, type ShockFacts } from '../../src/loss/shock-facts.js';

/** 永定镇, as the place of a policy. */
export const TOWNSHIP = parseRegionCode('532327101');
/** One of its villages, as the place of a field. */
export const PLACE = 532327101201000;
export const MAIZE = 2;

export type ShockChange = MessageInitShape<typeof ShockSchema>;

/** `change` says what; `cause` as which of its causes it is judged. */
export function befalling(change: ShockChange, cause?: Cause): ShockFacts {
  return shockFacts(
    create(ShockSchema, {
      shockId: '00000000-0000-4000-8000-000000000001',
      revision: 1n,
      observed: true,
      regions: ['532327'],
      judgedOn: '2026-07-18',
      ...change,
    }),
    cause,
  );
}

/** Hail of the highest level, or what `change` makes of it. */
export function hailing(change: ShockChange = {}): ShockFacts {
  return befalling({ kind: 'hail', level: 4, ...change });
}

/** Four people with 9,000 yuan each and five mu of maize. */
export function growers(change: Partial<AssessedHousehold> = {}): AssessedHousehold {
  return {
    persons: 4,
    perCapitaFen: 900_000,
    facts: 0,
    livelihoods: [{ product: MAIZE, quantity: 500, place: PLACE }],
    ...change,
  };
}
