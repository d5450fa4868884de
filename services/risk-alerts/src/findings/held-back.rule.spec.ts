import { FindingKind } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import { finding, FOUND } from '../../test/support/findings.js';
import { isLookedAtStill } from './held-back.rule.js';
import { notedFinding } from './noted-finding.js';

const house = notedFinding(finding({ id: 7 }, { ...FOUND, kind: FindingKind.UNSAFE_HOUSE, houseGrade: 4 }));
const policy = loadPolicy();

describe('a finding that raised nothing', () => {
  it('is looked at again for the months of policy after its day, the last day included', () => {
    const at = (today: string): boolean => isLookedAtStill({ ...house, outcome: 'withheld' }, policy, today);
    expect(['2025-07-31', '2026-07-31', '2026-08-01'].map(at)).toEqual([true, true, false]);
  });

  it('is so however long ago, where it never was judged', () => {
    expect(isLookedAtStill({ ...house, outcome: 'waiting' }, policy, '2029-01-01')).toBe(true);
  });
});
