import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson, UnusableJson } from './read-json.js';

const refusalOf = (text: string): unknown => {
  try {
    readJson(text);
  } catch (error) {
    return error instanceof UnusableJson ? [error.code, error.field] : error;
  }
  return undefined;
};

/** A value as somebody writes it who puts blanks and escapes where he likes, with each member said `times` times. */
function written(value: unknown, times = 1): string {
  if (Array.isArray(value)) return `[ ${value.map((item) => written(item, times)).join(' ,\n')} ]`;
  if (typeof value === 'string') return escaped(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([name, member], i) =>
    Array.from(
      { length: times },
      (_, n) => `${(i + n) % 2 === 0 ? escaped(name) : JSON.stringify(name)} : ${written(member, times)}`,
    ),
  );
  return `{ ${members.join(' ,')} }`;
}

const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;

const hasMember = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) ? value.some(hasMember) : Object.keys(value).length > 0);
const json = fc.jsonValue({ maxDepth: 8, stringUnit: 'binary' });

describe('JSON from outside', () => {
  it('is what JSON.parse says that it is, however it is written', () => {
    fc.assert(
      fc.property(json, (value) => {
        for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2), written(value)])
          expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused as soon as one member anywhere is said twice', () => {
    fc.assert(
      fc.property(json.filter(hasMember), (value) =>
        expect(refusalOf(written(value, 2))).toEqual(['REQUEST.JSON_NAME_TWICE', expect.any(String)]),
      ),
    );
  });

  it('is no JSON where JSON.parse says so, with its reason', () => {
    fc.assert(
      fc.property(json, fc.nat(), fc.constantFrom('', '"', '{', '[', '}', ']', ',', ':', '\\'), (value, at, mark) => {
        const text = JSON.stringify(value);
        const broken = text.slice(0, at % (text.length + 1)) + mark + text.slice((at % (text.length + 1)) + 1);
        const outcome = (read: (text: string) => unknown): unknown => {
          try {
            return read(broken);
          } catch (error) {
            return error instanceof UnusableJson ? undefined : String(error);
          }
        };
        expect([outcome(JSON.parse), undefined]).toContainEqual(outcome(readJson));
      }),
    );
  });

  it.each([
    ['{"kind":"hail","regions":["532327100"],"kind":"flood"}', 'kind'],
    ['{"kind":1,"\\u006bind":2}', 'kind'],
    ['{"rows":[{"price":1},{"price":1,"price":1}]}', 'rows[1].price'],
    ['[{"a":{"b":[],"c":"{\\"b\\":1","b":1}}]', 'body[0].a.b'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"11010519491231002X":1,"11010519491231002X":2}', '…'],
  ])('%s says a member twice, which is named', (text, field) => {
    expect(refusalOf(text)).toEqual(['REQUEST.JSON_NAME_TWICE', field]);
  });

  it.each(['{"a":1,"A":1,"a ":1}', '[{"a":1},{"a":1}]', '{"a":{"a":"a"},"b":["a","a"]}', '{"a":"\\",\\"a\\":1"}'])(
    '%s says none twice',
    (text) => expect(refusalOf(text)).toBeUndefined(),
  );

  it('nests sixty-four levels deep and no deeper', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(refusalOf(nested(64))).toBeUndefined();
    expect(refusalOf(`{"kind":${nested(64)}}`)).toEqual(['REQUEST.JSON_TOO_DEEP', 'kind']);
    expect(refusalOf(nested(100_000))).toEqual(['REQUEST.JSON_TOO_DEEP', 'body[0]']);
    expect(refusalOf(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toEqual(['REQUEST.JSON_TOO_DEEP', 'a']);
  });
});
