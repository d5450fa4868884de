import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RegionCode } from '@fangpin/domain-kit';
import { foldChain, type Statement } from './chain.rule.js';
import type { ShockContent } from './shock.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 6, 18, hour));
const NOW = at(12);

function content(over: Partial<ShockContent> = {}): ShockContent {
  return {
    kind: 'rainstorm',
    level: 4,
    observed: false,
    lane: 'notice',
    regions: ['532327' as RegionCode],
    onset: at(0),
    expires: at(20),
    headline: '暴雨红色预警',
    source: '气象台',
    policyVersion: 'p',
    judgedOn: '2026-07-18',
    damage: [],
    ...over,
  };
}

function said(key: string, type: Statement['type'], sent: number, over: Partial<Statement> = {}): Statement {
  const body = type === 'cancel' || type === 'lift' ? {} : { content: content({ headline: key }) };
  return { key, identity: key, type, sent: at(sent), references: [], endsDueAt: at(20), ...body, ...over };
}

describe('what a chain of messages adds up to', () => {
  it('is what the latest of them says', () => {
    const state = foldChain([said('a', 'alert', 1), said('c', 'update', 5), said('b', 'update', 3)], NOW);
    expect(state).toMatchObject({ state: 'open', content: { headline: 'c' } });
  });

  it('is cancelled by a Cancel, also by one that came before its alert', () => {
    const cancel = said('x', 'cancel', 6, { references: ['a'] });
    expect(foldChain([cancel], NOW)).toEqual({
      state: 'cancelled',
      endsDueAt: null,
      end: { by: 'cancelled', at: at(6) },
    });
    expect(foldChain([cancel, said('a', 'alert', 1)], NOW)).toMatchObject({
      state: 'cancelled',
      content: { headline: 'a' },
    });
  });

  it('is cancelled although the clock of the alert runs ahead of the Cancel that names it', () => {
    const ahead = said('a', 'alert', 6, { sent: new Date(at(6).getTime() + 60_000) });
    expect(foldChain([ahead, said('x', 'cancel', 6, { references: ['a'] })], NOW).state).toBe('cancelled');
  });

  it('opens again when the source speaks after its Cancel', () => {
    expect(foldChain([said('a', 'alert', 1), said('x', 'cancel', 2), said('b', 'update', 9)], NOW)).toMatchObject({
      state: 'open',
      content: { headline: 'b' },
    });
  });

  it('is over when its source lifts it, before its time, and open again when the source speaks later', () => {
    const lift = said('l', 'lift', 4, { references: ['a'] });
    expect(foldChain([lift, said('a', 'alert', 1)], NOW)).toMatchObject({
      state: 'ended',
      content: { headline: 'a' },
      end: { by: 'lifted', at: at(4) },
    });
    expect(foldChain([lift, said('a', 'alert', 1), said('b', 'update', 6)], NOW)).toMatchObject({ state: 'open' });
  });

  it('ended by its time where the lifting came after it, whenever the fold is made', () => {
    const short = said('a', 'alert', 1, { content: content({ expires: at(3) }), endsDueAt: at(3) });
    const lift = said('l', 'lift', 4, { references: ['a'] });
    for (const now of [NOW, at(23)]) expect(foldChain([short, lift], now).end).toEqual({ by: 'expiry', at: at(3) });
  });

  it('ends when its time is over; what has been observed, when its life after the last word of it is', () => {
    expect(foldChain([said('a', 'alert', 1)], at(20)).state).toBe('ended');
    const observed = said('a', 'alert', 1, {
      content: content({ lane: 'alert', observed: true }),
      endsDueAt: at(24 * 60),
    });
    expect(foldChain([observed], at(21)).state).toBe('open');
    expect(foldChain([observed], at(24 * 60))).toMatchObject({
      state: 'ended',
      end: { by: 'expiry', at: at(24 * 60) },
    });
  });

  it('stays in the most urgent lane that it has been in', () => {
    const eased = said('b', 'update', 3, { content: content({ level: 2, lane: 'recorded' }) });
    expect(foldChain([said('a', 'alert', 1), eased], NOW)).toMatchObject({ content: { level: 2, lane: 'notice' } });
  });

  it('does not depend on the order in which the messages arrive, nor on repeats', () => {
    const statement = fc
      .record({
        key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        type: fc.constantFrom('alert' as const, 'update' as const, 'cancel' as const, 'lift' as const),
        hour: fc.integer({ min: 0, max: 10 }),
        reference: fc.constantFrom('a', 'b', 'c'),
      })
      .map(({ key, type, hour, reference }) =>
        said(`${key}${type}${hour}${reference}`, type, hour, { identity: key, references: [reference] }),
      );
    const chain = fc.uniqueArray(statement, { minLength: 1, maxLength: 7, selector: ({ key }) => key });
    fc.assert(
      fc.property(
        chain.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(foldChain(shuffled, NOW)).toEqual(foldChain(all, NOW));
          expect(foldChain([...shuffled, ...all], NOW)).toEqual(foldChain(all, NOW));
        },
      ),
    );
  });
});
