import { describe, expect, it } from '@jest/globals';
import { packRevision, type DutyCode } from '@fangpin/domain-kit';
import fc from 'fast-check';
import { applyChange, type HouseholdPatch } from './apply-change.js';
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

describe('the day since when a monitoring status holds', () => {
  const since = (known: Partial<Household>, patch: HouseholdPatch) =>
    applyChange(aHousehold(known), patch, 1, at).household.monitoringSince;
  const removed = { monitoring: 'removed', monitoringSince: '2026-05-20' } as const;

  it('is the day that is told with the change, else the day of the change in Beijing', () => {
    expect(since({}, removed)).toBe('2026-05-20');
    expect(since({}, { monitoring: 'removed' })).toBe('2026-11-22');
    const lateAtNight = new Date('2026-11-22T16:30:00Z');
    const { household } = applyChange(aHousehold(), { monitoring: 'monitored' }, 1, lateAtNight);
    expect(household.monitoringSince).toBe('2026-11-23');
  });

  it('is not moved by a repeat of the status, nor by another change', () => {
    const known = aHousehold(removed);
    expect(applyChange(known, { monitoring: 'removed' }, 1, at)).toEqual({ household: known, change: [] });
    expect(applyChange(known, removed, 1, at)).toEqual({ household: known, change: [] });
    expect(since(removed, { dwelling: 'C' })).toBe('2026-05-20');
    expect(since({ monitoring: 'removed' }, { monitoring: 'removed', dwelling: 'C' })).toBeUndefined();
  });

  it('is corrected by another day that is told, also before the one that was known', () => {
    const { household, change } = applyChange(aHousehold(removed), { monitoringSince: '2026-03-01' }, 1, at);
    expect(household).toMatchObject({ monitoring: 'removed', monitoringSince: '2026-03-01' });
    expect(change).toEqual(['monitoring']);
  });

  it('is not before the status that it ends', () => {
    const monitored = { monitoring: 'monitored', monitoringSince: '2026-04-01' } as const;
    expect(since(monitored, { monitoring: 'removed', monitoringSince: '2026-04-01' })).toBe('2026-04-01');
    expect(() => since(monitored, { monitoring: 'removed', monitoringSince: '2026-03-31' })).toThrow(
      expect.objectContaining({
        problems: [
          {
            field: 'monitoringSince',
            value: '2026-03-31',
            rule: 'must not be before 2026-04-01, since when the household has been monitored',
          },
        ],
      }),
    );
  });

  it('goes back with no status, whatever follows which', () => {
    const statuses = fc.constantFrom('none', 'monitored', 'removed') as fc.Arbitrary<Household['monitoring']>;
    fc.assert(
      fc.property(fc.array(fc.tuple(statuses, fc.integer({ min: 0, max: 3 })), { maxLength: 12 }), (steps) => {
        let known = aHousehold();
        let now = at.getTime();
        for (const [monitoring, days] of steps) {
          now += days * 86_400_000;
          const { household } = applyChange(known, { monitoring }, 1, new Date(now));
          if (monitoring === known.monitoring) expect(household).toBe(known);
          else expect((household.monitoringSince ?? '') >= (known.monitoringSince ?? '')).toBe(true);
          known = household;
        }
      }),
    );
  });
});
