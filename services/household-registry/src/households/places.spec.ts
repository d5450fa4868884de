import { describe, expect, it } from '@jest/globals';
import { findPlace, findVillage, placeText } from './places.js';

describe('places', () => {
  it('know a listed village, and a group in one', () => {
    expect(findVillage('532327101201')).toBe('532327101201');
    expect(findVillage('532327101201000')).toBe('532327101201');
    expect(findVillage('532327101201007')).toBe('532327101201007');
  });

  it('know no village by a township’s, an unlisted or a broken code', () => {
    for (const text of ['532327101', '532327101000', '532327101999', '532327101999001', '', 'abc', '0'.repeat(12)])
      expect(findVillage(text)).toBeUndefined();
  });

  it('know areas of every level but the country', () => {
    expect(findPlace('5301')).toBe(530_100_000_000_000);
    expect(findPlace('532327101201')).toBe(532_327_101_201_000);
    expect(findPlace('00')).toBeUndefined();
    expect(findPlace('99')).toBeUndefined();
  });

  it('are written in their shortest form', () => {
    expect(placeText(530_100_000_000_000)).toBe('5301');
    expect(placeText(532_327_101_201_000)).toBe('532327101201');
    expect(placeText(532_327_101_201_007)).toBe('532327101201007');
  });
});
