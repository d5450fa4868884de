import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '@fangpin/policy';
import { parseRegionCode } from '@fangpin/domain-kit';
import { moveJoint } from './joint-alert.rule.js';
import type { Part } from './joint-parts.js';
import { jointRowAfter } from './joint-row-after.rule.js';
import type { LastJoint } from './joint-rows.js';

const life = loadPolicy().get('episode-life', parseRegionCode('532327101'), '2026-07-18', 'several').value;
const HOUSEHOLD = { householdId: 1_204, dutyCode: 532_327_101_201_000 };
const last: LastJoint = {
  ...HOUSEHOLD,
  ordinal: 1,
  origin: 77,
  stands: true,
  revision: 4,
  severity: 3,
  causes: ['illness'],
  members: [1, 2],
  memberRevisions: [1, 1],
  toldAdding: null,
  lowerSinceMs: null,
  dueMs: null,
};
const patient = (origin: number): Part => ({ origin, cause: 'illness', revision: 1, severity: 2, raisedMs: 0 });

describe('a joint alert of before it was kept how many of its parts add something', () => {
  it('tells of a third part that came in unheard and adds something later', () => {
    const standing = [patient(1), patient(2), patient(3)];
    // Another office's bill of the second patient, as it seemed.
    const asItSeemed = moveJoint(last, { severity: 3, causes: ['illness'], adding: [1, 2] }, () => 'stands', 0, life);
    const row = jointRowAfter({ household: HOUSEHOLD, last, standing }, [], asItSeemed, undefined, 1);
    if (row === undefined) throw new Error('no row');
    expect(row).toMatchObject({ members: [1, 2, 3], toldAdding: 2 });
    const asItIs = { severity: 3, causes: ['illness'] as const, adding: [1, 2, 3] };
    expect(moveJoint(row, asItIs, () => 'stands', 0, life)).toEqual({ kind: 'revise' });
  });
});
