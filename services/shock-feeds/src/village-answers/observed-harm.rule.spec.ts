import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { VillageAnswerSchema, VillageAnswerState } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { foldChain } from '../shocks/chain.rule.js';
import { harmStatement, recallStatement } from './observed-harm.rule.js';
import { answerHeard, latestOfEach, type AnswerHeard } from './village-answer.js';

const at = (text: string): Date => new Date(`${text}+08:00`);
const policy = loadPolicy();
const notice = { kind: 'rainstorm', level: 4, onset: at('2026-07-18T02:00:00'), observed: false };
const NOW = at('2026-07-19T12:00:00');

function heard(given: Partial<AnswerHeard> = {}): AnswerHeard {
  return {
    shockId: '00000000-0000-4000-8000-000000000001',
    village: '532327101001' as AnswerHeard['village'],
    revision: 1,
    state: 'hit',
    answeredAt: at('2026-07-18T09:00:00'),
    cropHitCentimu: 0,
    cropLostCentimu: 0,
    housesCollapsed: 0,
    housesDamaged: 0,
    products: [],
    principalShockId: '00000000-0000-4000-8000-000000000001',
    ...given,
  };
}

describe('a village that was hit', () => {
  it('is an observed shock of that village, with kind, level and onset of the notice', () => {
    expect(harmStatement(heard(), notice, policy)).toMatchObject({
      identity: 'village-answer:00000000-0000-4000-8000-000000000001:532327101001',
      sent: at('2026-07-18T09:00:00'),
      endsDueAt: null,
      content: {
        kind: 'rainstorm',
        level: 4,
        observed: true,
        lane: 'alert',
        regions: ['532327101001'],
        onset: notice.onset,
        expires: null,
        headline: '云南省楚雄彝族自治州永仁县永定镇苴却社区居民委员会答复受灾：7月18日暴雨红色预警',
        source: '村级灾情答复',
        judgedOn: '2026-07-18',
        damage: [],
        facts: { forecastShockId: '00000000-0000-4000-8000-000000000001' },
      },
    });
  });

  it('has the figures that it gave, the lost area as the least that was damaged', () => {
    const { content } = harmStatement(
      heard({ cropHitCentimu: 4_000, cropLostCentimu: 1_000, products: [2] }),
      notice,
      policy,
    );
    expect(content?.damage).toEqual([
      {
        region: '532327101001',
        cropHitCentimu: 4_000,
        cropDamagedCentimu: 1_000,
        cropLostCentimu: 1_000,
        products: [2],
        housesCollapsed: 0,
        housesDamaged: 0,
      },
    ]);
    const lost = harmStatement(heard({ cropLostCentimu: 1_000 }), notice, policy).content?.damage[0];
    expect(lost).toMatchObject({ cropHitCentimu: 1_000, cropDamagedCentimu: 1_000 });
  });

  it('was not hit after it said so', () => {
    const tonight = { ...notice, onset: at('2026-07-18T20:00:00') };
    expect(harmStatement(heard(), tonight, policy).content?.onset).toEqual(at('2026-07-18T09:00:00'));
  });

  it('of which a report had told as part of a wider area keeps the forecast of the report, and names none where it had none', () => {
    const report = { kind: 'hail', level: 3, onset: at('2026-07-18T02:00:00'), observed: true };
    const { content } = harmStatement(heard({ cropHitCentimu: 4_000 }), report, policy);
    expect(content).toMatchObject({
      kind: 'hail',
      level: 3,
      observed: true,
      lane: 'alert',
      regions: ['532327101001'],
      headline: '云南省楚雄彝族自治州永仁县永定镇苴却社区居民委员会答复受灾：7月18日冰雹灾情报告',
      damage: [{ region: '532327101001', cropHitCentimu: 4_000 }],
    });
    expect(content?.facts).toBeUndefined();
    const forecastShockId = '00000000-0000-4000-8000-000000000009';
    expect(harmStatement(heard(), { ...report, facts: { forecastShockId } }, policy).content?.facts).toEqual({
      forecastShockId,
    });
  });

  it('is recalled when the answer is put right, and stands again when that was the slip', () => {
    const hit = harmStatement(heard(), notice, policy);
    const none = recallStatement(heard({ revision: 2, state: 'not-hit', answeredAt: at('2026-07-18T10:00:00') }), NOW);
    const again = harmStatement(heard({ revision: 3, answeredAt: at('2026-07-18T11:00:00') }), notice, policy);
    expect(foldChain([none, hit], NOW).state).toBe('cancelled');
    expect(foldChain([again, none, hit], NOW).state).toBe('open');
    expect(new Set([hit, none, again].map(({ key }) => key)).size).toBe(3);
  });
});

describe('answers as they come', () => {
  it('count by their highest revision, for each village and notice', () => {
    const other = heard({ shockId: '00000000-0000-4000-8000-000000000002' });
    const late = heard({ revision: 3, state: 'not-hit' });
    expect(latestOfEach([heard(), late, heard({ revision: 2 }), other])).toEqual([late, other]);
  });

  it('stand for themselves where no notice is named for them, and are refused in a state nobody knows', () => {
    const said = create(VillageAnswerSchema, {
      shockId: heard().shockId,
      village: '532327101001',
      revision: 1n,
      state: VillageAnswerState.NOT_HIT,
      answeredMs: BigInt(NOW.getTime()),
    });
    expect(answerHeard(said)).toMatchObject({ state: 'not-hit', principalShockId: said.shockId, answeredAt: NOW });
    expect(() => answerHeard({ ...said, state: 0 })).toThrow(RangeError);
  });
});
