import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { liesAbroad, readCircle, readPolygon } from './read-shape.js';

const codes = (reading: ReturnType<typeof readPolygon>): string[] => reading.problems.map(({ code }) => code);
const SQUARE = '25,101 25,102 26,102 26,101 25,101';

describe('a polygon of CAP', () => {
  it('is read latitude first, whatever the white space', () => {
    for (const text of [SQUARE, `\n ${SQUARE.replaceAll(' ', '\n\t')} `, SQUARE.replaceAll(',', ', ')])
      expect(readPolygon(text)).toEqual({
        shape: {
          kind: 'outline',
          ring: [
            [101, 25],
            [102, 25],
            [102, 26],
            [101, 26],
            [101, 25],
          ],
          bbox: [101, 25, 102, 26],
        },
        problems: [],
      });
  });

  it('is closed where it is not, and turned where it is longitude first, with a note', () => {
    expect(codes(readPolygon('25,101 25,102 26,102'))).toEqual(['AREA.RING_CLOSED']);
    const turned = readPolygon('101,25 102,25 102,26 101,25');
    expect(codes(turned)).toEqual(['AREA.COORDINATES_SWAPPED']);
    expect(turned.shape?.bbox).toEqual([101, 25, 102, 26]);
  });

  it('that crosses itself is left: nobody knows what it means', () => {
    const reading = readPolygon('25,101 26,102 26,101 25,102 25,101');
    expect(reading.shape).toBeUndefined();
    expect(codes(reading)).toEqual(['AREA.SHAPE_CROSSES_ITSELF']);
  });

  it('that cannot be read is named', () => {
    const many = Array.from({ length: 10_001 }, (_, i) => `25,${101 + i / 100_000}`).join(' ');
    for (const text of [
      '',
      'nonsense',
      '25,101',
      '25,101 25,102',
      '91,181 91,182 92,182 91,181',
      '25,461 25,462 26,462 25,461',
      '25,101 NaN,1 26,102',
      many,
    ])
      expect(codes(readPolygon(text)).at(-1)).toBe('AREA.SHAPE_UNREADABLE');
  });

  it('may be drawn beyond the antimeridian', () => {
    expect(readPolygon('-22,-179 -22,-181 -23,-180 -22,-179').shape?.bbox).toEqual([-181, -23, -179, -22]);
    expect(readPolygon('25,461 25,462 26,462 25,461').shape).toBeUndefined();
    expect(readPolygon('25,-258 25,-259 26,-259 25,-258').shape?.bbox).toEqual([101, 25, 102, 26]);
  });

  it('that is a mere line abroad lies abroad all the same', () => {
    expect(readPolygon('46.05,9.00 46.06,9.01 46.05,9.00')).toMatchObject({ abroad: true });
  });

  it('is read as fast when it is mostly white space', () => {
    const text = `25,101${' '.repeat(400_000)}25,102 ,${'\n'.repeat(300_000)}26,102`;
    expect(codes(readPolygon(text))).toEqual(['AREA.SHAPE_UNREADABLE']);
  });

  it('gives a shape or a reason, never a fault', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[-0-9., eE+]{0,200}$/));
    fc.assert(
      fc.property(text, (any) => {
        for (const reading of [readPolygon(any), readCircle(any)])
          expect(reading.shape !== undefined || reading.problems.length > 0).toBe(true);
      }),
    );
  });
});

describe('a circle of CAP', () => {
  it('is an outline of its radius in kilometres', () => {
    const { shape } = readCircle('26.05,101.67 11.1');
    expect(shape?.kind).toBe('outline');
    expect(shape?.bbox[3]).toBeCloseTo(26.15, 2);
  });

  it('of radius 0 is its centre', () => {
    expect(readCircle('32.9525,-115.5527 0').shape).toEqual({
      kind: 'point',
      position: [-115.5527, 32.9525],
      bbox: [-115.5527, 32.9525, -115.5527, 32.9525],
    });
  });

  it('without a radius, or of half the earth, cannot be read', () => {
    for (const text of ['26,101', '26,101 -1', '26,101 9999', '26,101 27,102 5', '26 101 5'])
      expect(codes(readCircle(text))).toEqual(['AREA.SHAPE_UNREADABLE']);
  });

  it('that reaches over the border is not abroad', () => {
    const { shape } = readCircle('30,70 400');
    expect(shape === undefined || liesAbroad(shape)).toBe(false);
  });
});
