import { describe, expect, it } from '@jest/globals';
import type { InvalidFields } from '@fangpin/domain-kit';
import { findMonth, type Month } from './month.js';
import { readEntries } from './new-entry.js';

const latest = findMonth('2027-11') as Month;
const good = { householdId: 7, kind: 'wage', from: '2026-01', to: '2026-03', amountFen: 300_000, source: '务工' };

const fieldsRefused = (body: unknown): string[] => {
  try {
    readEntries(body, latest);
    return [];
  } catch (error) {
    return (error as InvalidFields).problems.map((p) => p.field);
  }
};

describe('entries as senders write them', () => {
  it('takes one entry or a list', () => {
    expect(readEntries(good, latest)).toEqual(readEntries({ entries: [good] }, latest));
    expect(readEntries(good, latest)[0]).toMatchObject({ householdId: 7, kind: 'wage', amountFen: 300_000 });
  });

  it('derives the key from the content where the sender gives none', () => {
    const key = (body: object): string | undefined => readEntries(body, latest)[0]?.sourceKey;
    expect(key(good)).toBe(key({ ...good }));
    expect(key(good)).not.toBe(key({ ...good, amountFen: 1 }));
    expect(key({ ...good, sourceKey: 'slip-1' })).toBe('slip-1');
  });

  it.each([
    ['an unknown kind', { kind: 'gift' }, ['kind']],
    ['a kind inherited from Object', { kind: 'constructor' }, ['kind']],
    ['a month that is none', { from: '2026-13' }, ['from']],
    ['months in the wrong order', { from: '2026-04' }, ['to']],
    ['a span past ten years', { from: '2010-01' }, ['to']],
    ['a month far ahead', { to: '2030-01' }, ['to']],
    ['a negative amount', { amountFen: -1 }, ['amountFen']],
    ['half a fen', { amountFen: 0.5 }, ['amountFen']],
    ['an amount past the safe integers', { amountFen: 2 ** 53 }, ['amountFen']],
    ['an amount as text', { amountFen: '100' }, ['amountFen']],
    ['a household id of zero', { householdId: 0 }, ['householdId']],
    ['an empty source', { source: ' ' }, ['source']],
    ['a source of two lines', { source: 'a\nb' }, ['source']],
    ['a source with a phone number', { source: '务工 13800138000' }, ['source']],
    ['a key that is an ID number', { sourceKey: '11010519491231002X' }, ['sourceKey']],
    ['an unknown member', { name: 'x' }, ['name']],
    ['several faults at once', { kind: 1, amountFen: null, from: 'x' }, ['kind', 'from', 'amountFen']],
  ])('refuses %s, naming the field', (_, change, fields) => {
    expect(fieldsRefused({ ...good, ...change })).toEqual(fields);
    const inList = fieldsRefused({ entries: [good, { ...good, ...change }] });
    expect(inList).toEqual(fields.map((field) => `entries[1].${field}`));
  });

  it('never tells a number back in which a person stands', () => {
    const body = { ...good, source: '11010519491231002X', sourceKey: '11010519491231002X', kind: '11010519491231002X' };
    expect(() => readEntries(body, latest)).toThrow(
      expect.objectContaining({
        problems: ['kind', 'source', 'sourceKey'].map((field) => expect.objectContaining({ field, value: null })),
      }),
    );
  });

  it.each([
    ['a list', [good], ['']],
    ['nothing', undefined, ['']],
    ['an empty list of entries', { entries: [] }, ['entries']],
    ['more than a thousand', { entries: Array.from({ length: 1001 }, () => good) }, ['entries']],
    ['a member beside the list', { entries: [good], note: 'x' }, ['note']],
    ['a row that is no object', { entries: [good, 3] }, ['entries[1]']],
  ])('refuses %s as a body', (_, body, fields) => {
    expect(fieldsRefused(body)).toEqual(fields);
  });
});
