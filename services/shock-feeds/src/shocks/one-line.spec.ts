import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oneLine } from './one-line.js';

describe('a headline', () => {
  it.each([
    ['永仁县气象台发布暴雨红色预警信号', '永仁县气象台发布暴雨红色预警信号'],
    [' 中和镇\n\t冰雹灾情\r\n', '中和镇 冰雹灾情'],
    ['中和镇\u202E冰雹\u202C灾情\u200B', '中和镇冰雹灾情'],
    ['\u2028中和镇　冰雹\u2029', '中和镇 冰雹'],
  ])('%j is told as %s', (text, told) => {
    expect(oneLine(text)).toBe(told);
  });

  it('is one line whose characters all show, and stays as it is from then on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const told = oneLine(text);
        expect(told).not.toMatch(/[\n\r\t\u2028\u2029\p{Cc}\p{Cf}]/u);
        expect(oneLine(told)).toBe(told);
      }),
    );
  });
});
