import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lane, ShockEnd, ShockState } from '@fangpin/contracts';
import { decide, type KnownAsking, type ShockSaid } from './asking.rule.js';

const ended = (revision: number, endedBy = ShockEnd.EXPIRY): ShockSaid => ({
  revision,
  lane: Lane.NOTICE,
  state: ShockState.ENDED,
  endedBy,
  area: '',
});
const open = (revision: number): ShockSaid => ({
  revision,
  lane: Lane.NOTICE,
  state: ShockState.OPEN,
  endedBy: ShockEnd.UNSPECIFIED,
  area: '',
});
const cancelled = (revision: number): ShockSaid => ({
  revision,
  lane: Lane.NOTICE,
  state: ShockState.CANCELLED,
  endedBy: ShockEnd.CANCELLED,
  area: '',
});
const report = (
  revision: number,
  area: string,
  state = ShockState.OPEN,
  endedBy = ShockEnd.UNSPECIFIED,
): ShockSaid => ({
  revision,
  lane: Lane.ALERT,
  state,
  endedBy,
  area,
});

function after(said: readonly ShockSaid[], from?: KnownAsking): KnownAsking | undefined {
  return said.reduce((known: KnownAsking | undefined, next) => {
    const move = decide(known, next);
    if (move.kind === 'ignore') return known;
    const { kind, round } = move;
    const asks = kind === 'ask' || kind === 'ask-by-report' || kind === 'stay';
    const area = kind === 'ask' ? '' : kind === 'ask-by-report' ? next.area : (known?.area ?? '');
    return { revision: next.revision, asks, round, area };
  }, from);
}

describe('a notice that ends', () => {
  it('asks, also when its end is the first that is heard of it', () => {
    expect(decide(undefined, ended(7))).toEqual({ kind: 'ask', round: 1 });
    expect(decide(after([open(1)]), ended(2))).toEqual({ kind: 'ask', round: 1 });
  });

  it.each([ShockEnd.EXPIRY, ShockEnd.LIFTED, ShockEnd.HYSTERESIS, ShockEnd.UNSPECIFIED])(
    'asks whatever has ended it (%s), if nobody called it off',
    (by) => expect(decide(undefined, ended(1, by)).kind).toBe('ask'),
  );

  it('asks nobody when it was called off, or taken over by another', () => {
    expect(decide(undefined, cancelled(3)).kind).toBe('note');
    expect(decide(undefined, ended(3, ShockEnd.TAKEN_OVER)).kind).toBe('note');
  });

  it('asks nobody from another lane: what happened is looked at household by household', () => {
    expect(decide(undefined, { ...ended(3), lane: Lane.ALERT }).kind).toBe('note');
    expect(decide(undefined, { ...ended(3), lane: Lane.RECORDED }).kind).toBe('note');
  });

  it('withdraws when it is cancelled afterwards, opens again, or becomes what has happened', () => {
    const known = after([ended(2)]);
    for (const said of [cancelled(3), open(3), { ...open(3), lane: Lane.ALERT }])
      expect(decide(known, said)).toEqual({ kind: 'withdraw', round: 1 });
  });

  it('asks anew when it opened again and ends again', () => {
    expect(decide(after([ended(2), open(3)]), ended(4))).toEqual({ kind: 'ask', round: 2 });
  });

  it('asks in the same round when only something about it was put right', () => {
    expect(decide(after([ended(2)]), ended(3))).toEqual({ kind: 'ask', round: 1 });
  });
});

describe('a report of a wide area', () => {
  it('asks while it is open, and once as long as its area stays', () => {
    expect(decide(undefined, report(1, '532327'))).toEqual({ kind: 'ask-by-report', round: 1 });
    expect(decide(after([report(1, '532327')]), report(2, '532327'))).toEqual({ kind: 'stay', round: 1 });
  });

  it('asks in another round when it tells of another area, and nobody when all its figures are of single villages', () => {
    const known = after([report(1, '532327')]);
    expect(decide(known, report(2, '532327101'))).toEqual({ kind: 'ask-by-report', round: 2 });
    expect(decide(known, report(2, ''))).toEqual({ kind: 'withdraw', round: 1 });
  });

  it('is owed its answers when it is over by itself, not when it is called off', () => {
    const known = after([report(1, '532327')]);
    const over = (by: ShockEnd) => decide(known, report(2, '532327', ShockState.ENDED, by)).kind;
    expect([ShockEnd.EXPIRY, ShockEnd.LIFTED].map(over)).toEqual(['stay', 'stay']);
    expect(over(ShockEnd.TAKEN_OVER)).toBe('withdraw');
    expect(decide(known, report(2, '532327', ShockState.CANCELLED, ShockEnd.CANCELLED)).kind).toBe('withdraw');
  });

  it('asks nobody about what is long past: one that is over when it is first heard of', () => {
    expect(decide(undefined, report(3, '532327', ShockState.ENDED, ShockEnd.EXPIRY)).kind).toBe('note');
  });

  it('asks again when it had been called off by mistake', () => {
    const known = after([report(1, '532327'), report(2, '532327', ShockState.CANCELLED, ShockEnd.CANCELLED)]);
    expect(decide(known, report(3, '532327'))).toEqual({ kind: 'ask-by-report', round: 2 });
  });
});

it('is not moved by repeats and late revisions', () => {
  const wide = (revision: number): ShockSaid => report(revision, '532327101');
  const wider = (revision: number): ShockSaid => report(revision, '532327');
  const said = fc
    .array(fc.constantFrom(open, ended, cancelled, wide, wider), { minLength: 1, maxLength: 6 })
    .map((kinds) => kinds.map((kind, i) => kind(i + 1)));
  fc.assert(
    fc.property(said, fc.array(fc.nat(5), { maxLength: 8 }), (all, again) => {
      const once = after(all);
      const late = again.flatMap((i) => all[i] ?? []);
      expect(after(late, once)).toEqual(once);
    }),
  );
});
