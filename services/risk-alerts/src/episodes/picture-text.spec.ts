import { describe, expect, it } from '@jest/globals';
import { alertReasons } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import type { ShownEpisodeRow } from './episode-rows.js';
import type { JointRisk } from './joint-risk.rule.js';
import { jointText, pictureText } from './picture-text.js';

const line = loadPolicy().line(parseRegionCode('532327101'), '2025-07-18');
const range = (fen: number) => ({ low: fen, middle: fen, high: fen });
const told = (perCapitaFen: number | null, leftFen: number, of: Partial<JointRisk> = {}): string =>
  jointText(
    {
      persons: 4,
      perCapitaFen,
      incomeLoss: range(400_000),
      bills: range(0),
      paidFen: 0,
      spendingFen: 0,
      projected: range(leftFen),
      worstSeverity: 4,
      jointSeverity: 4,
      reasons: 0,
      notAdded: [],
      adding: [1, 2],
      grave: [],
      ...of,
      shared: [],
    } as unknown as JointRisk,
    line,
  );

describe('what is read out at the door of all causes together', () => {
  it('says what is left against the line', () => {
    expect(told(1_000_000, 900_000)).toContain(
      '近十二个月人均纯收入10,000元，预计人均还剩9,000元，比监测线每人每年8,700元高300元。',
    );
  });

  it('takes bills off what is left, as the alert of each of them does', () => {
    const paid = { persons: 3, incomeLoss: range(0), bills: range(5_200_000), paidFen: 5_200_000, adding: [1] };
    expect(told(1_200_000, 1_200_000, paid)).toContain(
      '自己已经花了52,000元。家里3口人，近十二个月人均纯收入12,000元，平均每人花掉17,333元，花完平均每人还差5,333元，' +
        '比监测线每人每年8,700元低14,033元。',
    );
    const both = { bills: range(1_000_000), paidFen: 200_000 };
    expect(told(1_000_000, 900_000, both)).toContain(
      '人均纯收入10,000元，预计人均还剩9,000元，平均每人要花2,500元，花完人均还剩6,500元，比监测线每人每年8,700元低2,200元。',
    );
    expect(told(null, 0, { ...both, projected: null, assumedFen: 1_305_000 })).toContain(
      '按这个数算，人均还剩9,550元，比监测线高850元',
    );
  });

  it('takes other spending on record off only where spending is hard, and says so', () => {
    const bills = { incomeLoss: range(0), bills: range(1_000_000), paidFen: 1_000_000, spendingFen: 800_000 };
    const hard = { ...bills, reasons: alertReasons.hardSpending.bit };
    expect(told(1_000_000, 1_000_000, bills)).toContain('平均每人花掉2,500元，花完人均还剩7,500元');
    expect(told(1_000_000, 1_000_000, hard)).toContain(
      '近十二个月看病等别的开支自己还出了8,000元，算在一起平均每人花掉4,500元，花完人均还剩5,500元',
    );
    expect(told(null, 0, { ...hard, projected: null, assumedFen: 1_305_000 })).toContain(
      '近十二个月看病等别的开支自己还出了8,000元，算在一起看；家庭收入还没有掌握',
    );
  });

  it('reads no amount below zero out', () => {
    expect(told(50_000, -50_000)).toContain('预计平均每人还差500元');
    expect(told(-50_000, -150_000)).toMatch(/没有结余，平均每人亏500元，预计平均每人还差1,500元/);
    expect(told(1_000_000, 870_020)).toContain('和监测线每人每年8,700元差不多');
  });

  it('says by which income it was judged where none is known', () => {
    const unknown = told(null, 0, { projected: null, assumedFen: 1_305_000 });
    expect(unknown).toContain('家里4口人，家庭收入还没有掌握');
    expect(unknown).toContain(
      '先按每人每年13,050元来估计风险，按这个数算，人均还剩12,050元，比监测线高3,350元；需要上门了解。',
    );
  });

  it('promises to put right what can be, and to come where somebody was hurt', () => {
    const { waterGone, personHurt } = alertReasons;
    expect(told(1_000_000, 900_000, { reasons: waterGone.bit | personHurt.bit })).toContain(
      '饮水中断或不安全，不看收入多少，都要先解决。家庭成员受伤、新致残或遭受不法侵害，不看收入多少，都要上门看看。',
    );
  });

  it('says why it is no worse where how the household stood before would have counted for more', () => {
    const held = told(500_000, 480_000, {
      incomeLoss: range(80_000),
      jointSeverity: 2,
      worstSeverity: 1,
      heldDown: true,
    });
    expect(held).toContain(
      '这几件事合在一起，平均每人的影响约200元，是监测线的2.3%，级别按这次的影响来定，家里原来的收入和开支没有往上加。单看每一项最高是蓝色，合在一起是黄色风险。',
    );
    expect(told(500_000, 480_000)).not.toContain('往上加');
  });

  it('says of an episode that is kept at its level since when it eases, and what it is now', () => {
    const kept = (of: Partial<ShownEpisodeRow>): ShownEpisodeRow =>
      ({ cause: 'price-fall', severity: 4, easing_since: new Date('2026-11-22T17:00:00Z'), ...of }) as ShownEpisodeRow;
    const text = (row: ShownEpisodeRow, severity: number): string =>
      pictureText([row], [], severity === 0 ? [] : [{ cause: 'price-fall', severity }], undefined, undefined);
    expect(text(kept({}), 2)).toContain(
      '您家目前有一项风险提示：卖价下跌（红色；2026年11月23日起有所缓解，现在是黄色，观察期满前先按红色提示）。',
    );
    expect(text(kept({}), 0)).toContain('卖价下跌（红色；2026年11月23日起有所缓解，观察期满前先按红色提示）。');
    expect(text(kept({ easing_since: null }), 4)).toContain('卖价下跌（红色）。');
  });
});
