import { describe, expect, it } from '@jest/globals';
import { alertReasons } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import type { JointRisk } from './joint-risk.rule.js';
import { jointText } from './picture-text.js';

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
});
