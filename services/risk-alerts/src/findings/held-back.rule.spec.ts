import { create } from '@bufbuild/protobuf';
import { FindingKind, FindingSchema, FindingState } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import { isLookedAtStill } from './held-back.rule.js';
import { notedFinding } from './noted-finding.js';

const finding = notedFinding(
  create(FindingSchema, {
    findingId: '00000000-0000-4000-8000-000000000001',
    revision: 1n,
    householdId: 7n,
    dutyCode: 532327101201000n,
    kind: FindingKind.UNSAFE_HOUSE,
    state: FindingState.RAISED,
    occurredOn: '2025-07-31',
    houseGrade: 4,
  }),
);
const policy = loadPolicy();

describe('a finding that raised nothing', () => {
  it('is looked at again for the months of policy after its day, the last day included', () => {
    const at = (today: string): boolean => isLookedAtStill({ ...finding, outcome: 'withheld' }, policy, today);
    expect(['2025-07-31', '2026-07-31', '2026-08-01'].map(at)).toEqual([true, true, false]);
  });

  it('is so however long ago, where it never was judged', () => {
    expect(isLookedAtStill({ ...finding, outcome: 'waiting' }, policy, '2029-01-01')).toBe(true);
  });
});
