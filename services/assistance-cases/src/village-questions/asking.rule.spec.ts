import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lane, ShockEnd, ShockState } from '@fangpin/contracts';
import { decide, type KnownAsking, type ShockSaid } from './asking.rule.js';

const ended = (revision: number, endedBy = ShockEnd.EXPIRY): ShockSaid => ({
  revision,
  lane: Lane.NOTICE,
  state: ShockState.ENDED,
  endedBy,
});
const open = (revision: number): ShockSaid => ({
  revision,
  lane: Lane.NOTICE,
  state: ShockState.OPEN,
  endedBy: ShockEnd.UNSPECIFIED,
});
const cancelled = (revision: number): ShockSaid => ({
  revision,
  lane: Lane.NOTICE,
  state: ShockState.CANCELLED,
  endedBy: ShockEnd.CANCELLED,
});

function after(said: readonly ShockSaid[], from?: KnownAsking): KnownAsking | undefined {
  return said.reduce((known: KnownAsking | undefined, next) => {
    const move = decide(known, next);
    return move.kind === 'ignore' ? known : { revision: next.revision, asks: move.kind === 'ask', round: move.round };
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

it('is not moved by repeats and late revisions', () => {
  const said = fc
    .array(fc.constantFrom(open, ended, cancelled), { minLength: 1, maxLength: 6 })
    .map((kinds) => kinds.map((kind, i) => kind(i + 1)));
  fc.assert(
    fc.property(said, fc.array(fc.nat(5), { maxLength: 8 }), (all, again) => {
      const once = after(all);
      const late = again.flatMap((i) => all[i] ?? []);
      expect(after(late, once)).toEqual(once);
    }),
  );
});
