import { describe, expect, it } from '@jest/globals';
import { keepIdentities } from './household-identities.js';
import type { Member } from './household.js';

const member = (change: Partial<Member> = {}): Member => ({
  birthYear: 1980,
  sex: 'male',
  relation: 'head',
  labour: 'ordinary',
  schooling: 'none',
  chronic: false,
  majorIllness: false,
  disabilityGrade: 0,
  workMonths: 0,
  workBranch: 0,
  ...change,
});
const son = (change: Partial<Member> = {}): Member => member({ birthYear: 2010, relation: 'son', ...change });

describe('members that are replaced', () => {
  it('stay who they were while they look the same, whatever else changes', () => {
    const before = [member({ idHash: 'aa' }), son({ idHash: 'bb' })];
    expect(keepIdentities(before, [son({ schooling: 'junior-high' }), member({ chronic: true })])).toEqual([
      son({ schooling: 'junior-high', idHash: 'bb' }),
      member({ chronic: true, idHash: 'aa' }),
    ]);
  });

  it('are who the change says they are', () => {
    expect(keepIdentities([member({ idHash: 'aa' })], [member({ idHash: 'cc' })])).toEqual([member({ idHash: 'cc' })]);
  });

  it('have belonged to the household as long as was known, unless the change says otherwise', () => {
    const before = [member({ idHash: 'aa', since: '2020-03-01' }), son({ since: '2021-09-01' })];
    expect(keepIdentities(before, [member({ idHash: 'aa' }), son()])).toEqual(before);
    const corrected = [member({ idHash: 'aa', since: '2019-01-01' }), son({ idHash: 'bb' })];
    expect(keepIdentities(before, corrected)).toEqual(corrected);
  });

  it('are not taken for each other where two look the same', () => {
    expect(keepIdentities([son({ idHash: 'aa' }), son({ idHash: 'bb' })], [son()])).toEqual([son()]);
    expect(keepIdentities([son({ idHash: 'aa' })], [son(), son()])).toEqual([son(), son()]);
  });
});
