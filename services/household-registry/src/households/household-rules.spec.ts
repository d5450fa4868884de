import { describe, expect, it } from '@jest/globals';
import type { DutyCode } from '@fangpin/domain-kit';
import type { Member } from './household.js';
import { livelihoodProblems, memberProblems, monitoringSinceProblems } from './household-rules.js';
import { compositionOf } from './household-profile.js';

const today = new Date('2026-11-22T00:00:00Z');
const home = 532_327_101_201_000 as DutyCode;

function aMember(changes: Partial<Member> = {}): Member {
  return {
    ...{ birthYear: 1980, sex: 'male', relation: 'head', labour: 'ordinary', schooling: 'none', chronic: false },
    ...{ majorIllness: false, disabilityGrade: 0, workMonths: 0, workBranch: 0 },
    ...changes,
  } as Member;
}

const fieldsOf = (members: readonly Member[]): string[] => memberProblems(members, today).map(({ field }) => field);

describe('the members of a household', () => {
  it('are taken with one head and whole records of work', () => {
    expect(
      fieldsOf([aMember({ workMonths: 10, workBranch: 201 }), aMember({ relation: 'spouse', sex: 'female' })]),
    ).toEqual([]);
  });

  it('need exactly one head', () => {
    expect(fieldsOf([aMember(), aMember()])).toEqual(['members']);
    expect(fieldsOf([aMember({ relation: 'son' })])).toEqual(['members']);
  });

  it('have every bad field told at once', () => {
    const bad = aMember({ birthYear: 1850, disabilityGrade: 9, workMonths: 13, workBranch: 1 });
    expect(fieldsOf([bad])).toEqual([
      'members[0].birthYear',
      'members[0].disabilityGrade',
      'members[0].workMonths',
      'members[0].workBranch',
    ]);
  });
});

describe('the livelihoods of a household', () => {
  it('are counted in positive whole quantities that a household can have', () => {
    const problems = (product: number, quantity: number): number =>
      livelihoodProblems([{ product, placeCode: home, quantity }]).length;
    expect([problems(1, 1), problems(100, 3), problems(200, 2)]).toEqual([0, 0, 0]);
    expect([problems(1, 0), problems(1, 1.5), problems(1, 1_000_001), problems(200, 51), problems(77, 1)]).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });
});

describe('the counts of a household', () => {
  it('count the weak as able to work and those at school as pupils', () => {
    const members = [
      aMember({ labour: 'weak', disabilityGrade: 2 }),
      aMember({ labour: 'lost', disabilityGrade: 3 }),
      aMember({ labour: 'skilled', workMonths: 6, workBranch: 200 }),
      aMember({ labour: 'none', schooling: 'kindergarten' }),
    ];
    expect(compositionOf(members)).toEqual({
      persons: 4,
      labourers: 2,
      severelyDisabled: 1,
      migrantWorkers: 1,
      pupils: 1,
    });
  });
});

describe('the day of a monitoring status', () => {
  const good = (since: unknown, now = today): boolean => monitoringSinceProblems(since, now).length === 0;

  it('is a day of the calendar from the month in which monitoring began to today in Beijing', () => {
    expect(['2020-03-01', '2024-02-29', '2026-11-22'].every((day) => good(day))).toBe(true);
    expect(['2020-02-29', '2026-11-23'].some((day) => good(day))).toBe(false);
    expect(good('2026-11-23', new Date('2026-11-22T16:00:00Z'))).toBe(true);
  });

  it('is refused by field, value and rule where it is none', () => {
    for (const value of ['2026-02-29', '2026-05', '', 20_260_520, null, {}])
      expect(monitoringSinceProblems(value, today, 'rows[3].monitoringSince')).toEqual([
        { field: 'rows[3].monitoringSince', value, rule: 'must be a day such as 2026-05-20' },
      ]);
  });
});
