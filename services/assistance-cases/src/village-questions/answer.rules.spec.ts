import { describe, expect, it } from '@jest/globals';
import { answerProblems, NOT_HIT, replyOf, saysTheSame } from './answer.rules.js';

const fields = (request: Parameters<typeof answerProblems>[0]): string[] =>
  answerProblems(request).map(({ field }) => field);

describe('an answer of a village', () => {
  it('may say 受灾 with figures, some of them, or none', () => {
    expect(fields({ hit: true })).toEqual([]);
    expect(fields({ hit: true, cropHitMu: 120.5, cropLostMu: 120.5, products: ['玉米'], housesDamaged: 0 })).toEqual(
      [],
    );
  });

  it('has no figures where nothing was hit', () => {
    expect(fields({ hit: false, cropHitMu: 1, housesCollapsed: 0, products: [] })).toEqual([
      'cropHitMu',
      'housesCollapsed',
      'products',
    ]);
    expect(fields({ hit: false, note: '巡查三个小组，无损失' })).toEqual([]);
  });

  it('does not lose more than was hit, and names crops', () => {
    expect(fields({ hit: true, cropHitMu: 10, cropLostMu: 10.01 })).toEqual(['cropLostMu']);
    expect(fields({ hit: true, products: ['玉米', '生猪', '金子'] })).toEqual(['products[1]', 'products[2]']);
  });

  it('is stored in hundredths of a mu and product codes, whatever their order', () => {
    expect(replyOf({ hit: true, cropHitMu: 12.34, products: ['玉米', '水稻', '玉米'] })).toMatchObject({
      cropHitCentimu: 1_234,
      cropLostCentimu: null,
      products: [1, 2],
    });
  });

  it('says the same when nothing but the note differs', () => {
    expect(saysTheSame(replyOf({ hit: false, note: '甲' }), NOT_HIT)).toBe(true);
    const hit = replyOf({ hit: true, cropHitMu: 10 });
    expect(saysTheSame(hit, replyOf({ hit: true, cropHitMu: 10, note: '乙' }))).toBe(true);
    expect(saysTheSame(hit, replyOf({ hit: true, cropHitMu: 10, housesDamaged: 0 }))).toBe(false);
    expect(saysTheSame(hit, NOT_HIT)).toBe(false);
  });
});
