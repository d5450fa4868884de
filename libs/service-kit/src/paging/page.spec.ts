import { InvalidFields } from '@fangpin/domain-kit';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.js';
import { page, readPage } from './page.js';

const part = fc.oneof(
  fc.integer(),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
);
const key = fc.array(part, { minLength: 1, maxLength: 4 });

describe('a cursor', () => {
  it('brings every key back as it was', () => {
    fc.assert(
      fc.property(key, (parts) => expect(decodeCursor(encodeCursor(parts, '/v1/things'), '/v1/things')).toEqual(parts)),
    );
  });

  it('can stand in a query without escaping', () => {
    fc.assert(fc.property(key, (parts) => expect(encodeCursor(parts, '/v1/things')).toMatch(/^[\w-]+$/)));
  });

  it('is refused when a character of it is changed or missing', () => {
    fc.assert(
      fc.property(key, fc.nat(), fc.constantFrom('', 'A', 'B', '-'), (parts, at, other) => {
        const cursor = encodeCursor(parts, '/v1/things');
        const i = at % cursor.length;
        fc.pre(cursor[i] !== other);
        expect(() => decodeCursor(cursor.slice(0, i) + other + cursor.slice(i + 1), '/v1/things')).toThrow(
          InvalidFields,
        );
      }),
    );
  });

  it('is refused by every other list', () => {
    fc.assert(
      fc.property(key, fc.webPath(), fc.webPath(), (parts, list, other) => {
        fc.pre(list !== other);
        expect(() => decodeCursor(encodeCursor(parts, list), other)).toThrow(InvalidFields);
      }),
    );
  });

  it('is refused when it is any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => expect(() => decodeCursor(text, '/v1/things')).toThrow(InvalidFields)),
    );
  });
});

describe('pages', () => {
  it('together show every row once, in order, whatever the limit', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { maxLength: 50 }), fc.integer({ min: 1, max: 200 }), (values, size) => {
        const all = values.toSorted((a, b) => a - b);
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const { limit, after } = readPage({ limit: size, cursor });
          const rows = all.filter((n) => after === undefined || n > Number(after[0])).slice(0, limit + 1);
          const { items, nextCursor } = page(rows, limit, (row) => [row]);
          expect(items.length).toBeLessThanOrEqual(size);
          seen.push(...items);
          cursor = nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(all);
      }),
    );
  });

  it('have fifty rows unless asked otherwise', () => {
    expect(readPage({})).toEqual({ limit: 50 });
    expect(readPage({}, { max: 20 })).toEqual({ limit: 20 });
    expect(readPage({ limit: '200' })).toEqual({ limit: 200 });
  });

  it.each(['0', '201', '-1', '1e2', '5.0', ' 5', '9'.repeat(30)])('refuse the limit %s', (limit) => {
    expect(() => readPage({ limit })).toThrow('limit must be an integer from 1 to 200');
  });
});
