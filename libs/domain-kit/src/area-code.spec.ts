import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ancestorsOf,
  contains,
  COUNTRY,
  dutyCodeOf,
  dutyRange,
  findRegionCode,
  InvalidFields,
  isWithin,
  levelOf,
  paddedCode,
  parseRegionCode,
  regionOfDuty,
} from './index.js';

const LENGTHS = [2, 4, 6, 9, 12, 15];
const digits = fc.integer({ min: 110_000_000_000_001, max: 999_999_999_999_999 }).map(String);
const codes = fc
  .tuple(digits, fc.constantFrom(...LENGTHS))
  .map(([text, length]) => parseRegionCode(text.slice(0, length)));

describe('a region code', () => {
  it('is read at any usual length, padded or not, and kept in its shortest form', () => {
    expect(parseRegionCode('532327')).toBe('532327');
    for (const padded of ['532327000', '532327000000', '532327000000000'])
      expect(parseRegionCode(padded)).toBe('532327');
    expect(parseRegionCode('530000')).toBe('53');
    expect(parseRegionCode('532327101003')).toBe('532327101003');
  });

  it('of zeros alone is the whole country', () => {
    for (const zeros of ['00', '0000', '000000', '000000000000']) expect(parseRegionCode(zeros)).toBe(COUNTRY);
  });

  it('is refused with the name of its field when it is none', () => {
    for (const text of [
      '',
      '5',
      '532',
      '53232',
      '5323271',
      '53232710100',
      '5323271010030010',
      '53a327',
      ' 53',
      '５３',
      '001234',
    ]) {
      expect(() => parseRegionCode(text, 'regions[1]')).toThrow(InvalidFields);
      expect(() => parseRegionCode(text, 'regions[1]')).toThrow(/regions\[1\]/);
      expect(findRegionCode(text)).toBeUndefined();
    }
  });

  it('names a level by its length', () => {
    expect(
      ['00', '53', '5323', '532327', '532327101', '532327101003', '532327101003001'].map((c) =>
        levelOf(parseRegionCode(c)),
      ),
    ).toEqual(['country', 'province', 'prefecture', 'county', 'township', 'village', 'group']);
  });

  it('comes back from its padded form', () => {
    fc.assert(fc.property(codes, (code) => expect(parseRegionCode(paddedCode(code))).toBe(code)));
    expect(parseRegionCode(paddedCode(COUNTRY))).toBe(COUNTRY);
  });
});

describe('the range of a scope', () => {
  it('of a county holds its first and last group and nothing beside', () => {
    const county = dutyRange(parseRegionCode('532327'));
    expect(county).toEqual({ lo: 532_327_000_000_000, hi: 532_328_000_000_000 });
    expect(isWithin(532_327_999_999_999, county)).toBe(true);
    expect(isWithin(532_328_000_000_000, county)).toBe(false);
    expect(isWithin(532_326_999_999_999, county)).toBe(false);
  });

  it('holds exactly the codes that begin with the area', () => {
    fc.assert(
      fc.property(codes, digits, (area, duty) => {
        expect(isWithin(Number(duty), dutyRange(area))).toBe(duty.startsWith(area));
      }),
    );
  });

  it('holds the area itself and all that lies in it, and lies in all that is above', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(isWithin(dutyCodeOf(code), dutyRange(code))).toBe(true);
        for (const above of ancestorsOf(code))
          expect([contains(above, code), contains(code, above)]).toEqual([true, false]);
        expect(contains(code, code)).toBe(true);
      }),
    );
  });

  it('of two areas is nested or apart, never crossing', () => {
    fc.assert(
      fc.property(codes, codes, (a, b) => {
        const [x, y] = [dutyRange(a), dutyRange(b)];
        const apart = x.hi <= y.lo || y.hi <= x.lo;
        expect(apart || contains(a, b) || contains(b, a)).toBe(true);
      }),
    );
  });

  it('stays within the safe integers and one bigint', () => {
    expect(Number.isSafeInteger(dutyRange(COUNTRY).hi)).toBe(true);
    fc.assert(fc.property(codes, (code) => expect(Number.isSafeInteger(dutyRange(code).hi)).toBe(true)));
  });
});

describe('the area of a duty code', () => {
  it('is its first digits', () => {
    expect(regionOfDuty(532_327_101_003_001, 'township')).toBe('532327101');
    fc.assert(
      fc.property(digits, (duty) => {
        for (const level of ['province', 'prefecture', 'county', 'township', 'village', 'group'] as const)
          expect(isWithin(Number(duty), dutyRange(regionOfDuty(Number(duty), level)))).toBe(true);
      }),
    );
  });

  it('has its ancestors nearest first, the country last', () => {
    expect(ancestorsOf(parseRegionCode('532327101003'))).toEqual(['532327101', '532327', '5323', '53', '00']);
    expect(ancestorsOf(COUNTRY)).toEqual([]);
  });
});
