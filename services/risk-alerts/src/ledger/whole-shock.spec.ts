import { describe, expect, it } from '@jest/globals';
import { dutyRange, parseRegionCode } from '@fangpin/domain-kit';
import { holdsWhole } from './whole-shock.js';

const region = parseRegionCode;

describe('figures of a whole shock', () => {
  it.each([
    ['the county', '532327', '5323', ['532327101', '532327103']],
    ['a county with a cell of its own, of prices everywhere', '532327', '532327', ['00']],
    ['the prefecture', '5323', '53', ['532327', '532301']],
    ['the country', '00', '53', ['4419']],
  ])('are told to %s', (_, area, cell, regions) => {
    expect(holdsWhole(dutyRange(region(area)), region(cell), regions)).toBe(true);
  });

  it.each([
    ['a township of the county that is hit', '532327101', ['532327']],
    ['a county beside it', '532301', ['532327']],
    ['a county of two', '532327', ['532327', '532301']],
    ['anybody smaller than the cell, where nobody knows the place', '532327', ['x']],
    ['anybody smaller than the cell, where none is named', '532327', []],
  ])('are not told to %s', (_, area, regions) => {
    expect(holdsWhole(dutyRange(region(area)), region('53'), regions)).toBe(false);
  });
});
