import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from './index.js';

const policy = loadPolicy();
const day = '2021-05-21';
const yangbi = parseRegionCode('532922');

describe('the policy on earthquakes', () => {
  it('has relations whose two axes agree at the epicentre, as the method of the source demands', () => {
    for (const place of ['53', '51', '52', '00'].map((code) => parseRegionCode(code))) {
      const { longAxis, shortAxis } = policy.get('quake-attenuation', place, day).value;
      const atZero = ({ a, c, r0Km }: typeof longAxis) => a - c * Math.log10(r0Km);
      expect(longAxis.b).toBe(shortAxis.b);
      expect(Math.abs(atZero(longAxis) - atZero(shortAxis))).toBeLessThan(0.02);
    }
  });

  it('takes the zone of the place, and names it', () => {
    expect(policy.get('quake-attenuation', yangbi, day)).toMatchObject({ value: { name: '青藏区' }, assumed: false });
    expect(policy.get('quake-attenuation', parseRegionCode('522301'), day).value.name).toBe('中强地震区');
  });

  it('raises the level with the intensity', () => {
    const { floorIntensity, fromIntensity } = policy.get('quake-level', yangbi, day).value;
    const { blue, yellow, orange, red } = fromIntensity;
    expect([floorIntensity, blue, yellow, orange, red]).toEqual([6, 6, 7, 8, 9]);
  });
});
