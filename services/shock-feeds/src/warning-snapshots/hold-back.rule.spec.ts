import { describe, expect, it } from '@jest/globals';
import { holdBack } from './hold-back.rule.js';

const policy = { smallerShare: 0.9, believedAfterHours: 6 };
const at = (time: string): Date => new Date(`2026-07-18T${time}:00Z`);
const last = { updated: at('12:00'), members: 200 };

describe('a list of warnings', () => {
  it('is believed when it is the first of its feed, however small', () => {
    expect(holdBack({ updated: at('12:00'), members: 0 }, undefined, undefined, policy)).toEqual({ problems: [] });
  });

  it('is held back when it is older than the last, whatever its size', () => {
    expect(holdBack({ updated: at('11:59'), members: 200 }, last, undefined, policy)).toMatchObject({
      heldBack: 'older',
      problems: [{ code: 'SNAPSHOT.OLDER' }],
    });
  });

  it.each([
    [200, 21, undefined],
    [200, 20, 'smaller'],
    [200, 0, 'smaller'],
    [110, 11, 'smaller'],
    [1, 0, 'smaller'],
    [0, 0, undefined],
    [3, 1, undefined],
  ])('of %i before and %i now is held back: %s', (before, now, heldBack) => {
    const { heldBack: found } = holdBack(
      { updated: at('13:00'), members: now },
      { ...last, members: before },
      undefined,
      policy,
    );
    expect(found).toBe(heldBack);
  });

  it('is believed once lists have been small for long enough, and says so', () => {
    const small = (time: string) => holdBack({ updated: at(time), members: 3 }, last, at('13:00'), policy);
    expect(small('18:59')).toMatchObject({ heldBack: 'smaller' });
    expect(small('19:00')).toMatchObject({ problems: [{ code: 'SNAPSHOT.SMALL_BUT_LASTING' }] });
    expect(small('19:00').heldBack).toBeUndefined();
  });
});
