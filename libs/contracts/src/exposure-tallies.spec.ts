import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assessmentLine, householdLine, lineHash, villagesThatDiffer, type VillageTally } from './exposure-tallies.js';
import { VillageTalliesSchema } from './gen/fangpin/alerts/v1/exposure_question_pb.js';
import { IncomeAssessmentSchema } from './gen/fangpin/income/v1/assessment_pb.js';
import { HouseholdProfileSchema, HouseholdState } from './gen/fangpin/registry/v1/household_pb.js';

const tallies = (villages: readonly VillageTally[]) =>
  create(VillageTalliesSchema, {
    villages: villages.map(({ village }) => BigInt(village)),
    households: villages.map(({ households }) => households),
    digests: villages.map(({ digest }) => BigInt(digest)),
  });

const profile = create(HouseholdProfileSchema, {
  householdId: 7n,
  revision: 3n,
  dutyCode: 532327101201000n,
  state: HouseholdState.ACTIVE,
  persons: 4,
  labourers: 2,
  onlyDwelling: true,
  waterScheme: 'W1',
  livelihoods: [
    { product: 2, quantity: 300, placeCode: 532327101201000n },
    { product: 205, quantity: 1, placeCode: 530100000000000n, employer: '91530000ABCDEFGH1X' },
  ],
});

describe('the line of a row that two services compare', () => {
  it('of a household holds what a shock can touch, and no livelihoods once it has left', () => {
    expect(householdLine(profile)).toBe(
      '7:3:532327101201000:1:4:2:0:0:0:0:1:W1:2,300,532327101201000,;205,1,530100000000000,91530000ABCDEFGH1X',
    );
    const removed = { ...profile, monitoring: 3, monitoringSince: '2026-05-20' };
    expect(householdLine(removed)).toMatch(/^7:3:532327101201000:1:4:2:0:0:3:.+91530000ABCDEFGH1X:2026-05-20$/);
    const left = { ...profile, state: HouseholdState.MOVED_OUT };
    expect(householdLine(left)).toBe('7:3:532327101201000:0:4:2:0:0:0:0:1:W1:');
  });

  it('of an assessment holds income, wages and what was spent after insurance; of a closed one, nothing', () => {
    const open = create(IncomeAssessmentSchema, {
      householdId: 7n,
      revision: 3n,
      perCapitaFen: -5n,
      wageFen: 9n,
      outOfPocketFen: 100n,
      insurancePayoutFen: 130n,
    });
    expect(assessmentLine(open)).toBe('7:3:-5:9:0');
    expect(assessmentLine({ ...open, closed: true })).toBe('7:3:::');
    expect(assessmentLine(create(IncomeAssessmentSchema, { householdId: 7n, revision: 3n }))).toBe('7:3:0:0:');
  });

  it('hashes to a number that is exact everywhere', () => {
    expect(lineHash('7:3:::')).toBeLessThan(2 ** 52);
    expect(lineHash('7:3:::')).not.toBe(lineHash('7:4:::'));
  });
});

describe('villages of two services', () => {
  const village = fc.record({ village: fc.nat(6), households: fc.nat(2), digest: fc.nat(2) });
  const side = fc.uniqueArray(village, { selector: (one) => one.village });

  it('are named exactly where they differ, whichever side lacks them', () => {
    fc.assert(
      fc.property(side, side, (theirs, ours) => {
        const { villages, more } = villagesThatDiffer(tallies(theirs), ours, 1_000);
        for (let code = 0; code <= 6; code += 1) {
          const [a, b] = [theirs, ours].map((of) => {
            const found = of.find((one) => one.village === code);
            return found && `${found.households}/${found.digest}`;
          });
          expect(villages.includes(code)).toBe(a !== b);
        }
        expect(more).toBe(false);
      }),
    );
  });

  it('are named a message at a time where they hold many households, and at least one of them', () => {
    const ours = [1, 2, 3].map((code) => ({ village: code, households: 10, digest: 1 }));
    expect(villagesThatDiffer(tallies([]), ours, 20)).toEqual({ villages: [1, 2], more: true });
    expect(villagesThatDiffer(tallies([]), ours, 5)).toEqual({ villages: [1], more: true });
  });
});
