import { describe, expect, it } from '@jest/globals';
import { packRevision, type DutyCode } from '@fangpin/domain-kit';
import fc from 'fast-check';
import { applyChange } from './apply-change.js';
import { householdStates, type HouseholdState } from './codes.js';
import { householdLifecycle, type Household } from './household.js';

const at = new Date('2026-11-22T02:00:00Z');

function aHousehold(changes: Partial<Household> = {}): Household {
  return {
    id: 7,
    revision: packRevision({ epoch: 1, version: 3 }),
    dutyCode: 532_327_101_201_000 as DutyCode,
    state: 'active',
    group: 'lifted-out',
    monitoring: 'none',
    dwelling: 'B',
    onlyDwelling: true,
    waterScheme: 'W1',
    members: [],
    livelihoods: [{ product: 1, placeCode: 532_327_101_201_000 as DutyCode, quantity: 200 }],
    createdAt: new Date('2021-01-01T00:00:00Z'),
    updatedAt: new Date('2021-01-01T00:00:00Z'),
    ...changes,
  };
}

describe('a change to a household', () => {
  it('is one revision, whatever it changes, and names what it changed', () => {
    const { household, change } = applyChange(
      aHousehold(),
      { dwelling: 'C', waterScheme: 'W2', onlyDwelling: false },
      1,
      at,
    );
    expect(change).toEqual(['dwelling', 'water']);
    expect(household.revision).toBe(packRevision({ epoch: 1, version: 4 }));
    expect(household.updatedAt).toEqual(at);
  });

  it('takes up a higher epoch of the service', () => {
    expect(applyChange(aHousehold(), { dwelling: 'C' }, 2, at).household.revision).toBe(
      packRevision({ epoch: 2, version: 4 }),
    );
  });

  it('is none when everything is as asked already', () => {
    const known = aHousehold();
    const same = { dwelling: known.dwelling, livelihoods: [{ ...known.livelihoods[0] } as never] };
    expect(applyChange(known, same, 1, at)).toEqual({ household: known, change: [] });
  });

  it('can bring a household back and edit it at once', () => {
    const { household, change } = applyChange(
      aHousehold({ state: 'moved-out' }),
      { state: 'active', dwelling: 'A' },
      1,
      at,
    );
    expect([household.state, household.dwelling]).toEqual(['active', 'A']);
    expect(change).toEqual(['returned', 'dwelling']);
  });

  it('follows the life cycle for every pair of states', () => {
    for (const from of householdStates.words)
      for (const to of householdStates.words) {
        const reachable = from === to || (Object.values(householdLifecycle[from]) as HouseholdState[]).includes(to);
        const change = (): unknown => applyChange(aHousehold({ state: from }), { state: to }, 1, at);
        if (reachable) expect(change).not.toThrow();
        else expect(change).toThrow('is not allowed');
      }
  });

  it('never lowers a revision', () => {
    const dwellings = fc.constantFrom('unknown', 'A', 'B', 'C', 'D') as fc.Arbitrary<Household['dwelling']>;
    fc.assert(
      fc.property(fc.array(dwellings, { maxLength: 12 }), fc.integer({ min: 0, max: 5 }), (steps, epoch) => {
        let known = aHousehold();
        for (const dwelling of steps) {
          const { household, change } = applyChange(known, { dwelling }, epoch, at);
          expect(household.revision > known.revision).toBe(change.length > 0);
          known = household;
        }
      }),
    );
  });
});
