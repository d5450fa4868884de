import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '@fangpin/domain-kit';
import fc from 'fast-check';
import { readSnapshot } from './read-snapshot.js';

const rain = {
  type: '暴雨',
  color: '红色',
  level: 'Ⅰ',
  issued: '2026-07-18T05:12:56Z',
  expires: '2026-07-18T17:12:59Z',
  name: '永仁县',
};
const body = (warnings: unknown, updated: unknown = '2026-07-18T06:24:00Z') => ({ updated, warnings, count: 1 });
const fieldsRefused = (of: unknown): string[] => {
  try {
    readSnapshot(of);
  } catch (error) {
    if (error instanceof InvalidFields) return error.problems.map(({ field }) => field);
    throw error;
  }
  return [];
};

describe('a list of all warnings in force', () => {
  it('is read with its unknown members passed over', () => {
    const { updated, warnings, problems } = readSnapshot(body({ '532327': [{ ...rain, note: 'x' }] }));
    expect(updated).toEqual(new Date('2026-07-18T06:24:00Z'));
    expect(warnings).toEqual([
      {
        code: '532327',
        type: '暴雨',
        readable: true,
        colour: '红色',
        level: 4,
        issued: new Date(rain.issued),
        expires: new Date(rain.expires),
        name: '永仁县',
        token: '红色 2026-07-18T05:12:56.000Z',
      },
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['no object', [], ['body']],
    ['nothing', undefined, ['body']],
    ['no members', {}, ['updated', 'warnings']],
    ['a time that is none', body({}, '2026-02-30T00:00:00Z'), ['updated']],
    ['a time of the year 0', body({}, '0000-01-01T00:00:00Z'), ['updated']],
    ['a list without codes', body([rain]), ['warnings']],
    ['one bad member and no other', body({ '532327': 'rain' }), ['warnings.532327']],
    [
      'members without a type alone',
      body({ '532327': [{ color: '红色' }, 7] }),
      ['warnings.532327[0]', 'warnings.532327[1]'],
    ],
    ['more than a country can have', body({ '532327': Array.from({ length: 20_001 }, () => rain) }), ['warnings']],
  ])('that is %s is refused with the field', (_, of, fields) => {
    expect(fieldsRefused(of)).toEqual(fields);
  });

  it('keeps count of a bad member among good ones and names it', () => {
    const { warnings, problems } = readSnapshot(body({ '532327': [rain, null, { color: '红色' }], x: 5 }));
    expect(warnings.map(({ readable }) => readable)).toEqual([true, false, false, false]);
    expect(problems).toEqual([
      {
        code: 'SNAPSHOT.MEMBER_UNREADABLE',
        text: '无法识别的条目，已计数并留存原文：warnings.532327[1]、warnings.532327[2]、warnings.x',
      },
    ]);
  });

  it('takes the colour before the numeral, the numeral where there is no colour, and neither for none', () => {
    const level = (color: unknown, numeral: unknown) =>
      readSnapshot(body({ '532327': [{ ...rain, color, level: numeral }] })).warnings[0]?.level;
    expect([level('橙色', 'Ⅰ'), level('', 'Ⅱ'), level(undefined, 'III'), level('橙', 3), level(4, 4)]).toEqual([
      3, 3, 2, 3, 0,
    ]);
  });

  it('is the same list in any order', () => {
    const hail = { ...rain, type: '冰雹' };
    const one = readSnapshot(body({ '532327': [rain, hail], '532622': [rain] }));
    const other = readSnapshot(body({ '532622': [rain], '532327': [hail, rain] }));
    expect(other.digest).toEqual(one.digest);
  });

  it('counts every member, or is refused as a whole, whatever it holds', () => {
    const member = fc.oneof(fc.jsonValue(), fc.record({ type: fc.string({ unit: 'binary' }), issued: fc.string() }));
    const lists = fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.array(member), fc.jsonValue()));
    fc.assert(
      fc.property(lists, (warnings) => {
        const size = Object.values(warnings).reduce<number>(
          (n, list) => n + (Array.isArray(list) ? list.length : 1),
          0,
        );
        try {
          expect(readSnapshot(body(warnings)).warnings).toHaveLength(size);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidFields);
        }
      }),
    );
  });
});
