import { describe, expect, it } from '@jest/globals';
import { HealthInPublic, refuseHealthInPublic } from './public-telling.rule.js';

describe('what everybody in the village reads', () => {
  it('shows no health of a member, and says which cause would', () => {
    expect(() => refuseHealthInPublic('village-board', ['price-fall', 'illness', 'illness'])).toThrow(HealthInPublic);
    try {
      refuseHealthInPublic('village-board', ['price-fall', 'disability', 'illness']);
    } catch (error) {
      expect((error as HealthInPublic).details).toMatchObject({
        errors: [{ field: 'how', value: 'village-board', rule: expect.stringContaining('disability, illness') }],
        reasons: [{ text: expect.stringContaining('“家人致残、看病花费大”涉及家庭成员的健康状况') }],
      });
    }
  });

  it('is no matter of visits and calls, nor of fields and prices', () => {
    for (const how of ['visit', 'phone', 'message'] as const)
      expect(() => refuseHealthInPublic(how, ['illness'])).not.toThrow();
    expect(() => refuseHealthInPublic('village-board', ['price-fall', 'crop-disaster'])).not.toThrow();
  });
});
