/**
 * What raises severity whatever the income (rulebook §1.1, §1.3; architecture §4.5), as bits of the `reasons` column of an
 * alert.
 */
export const alertReasons = {
  incomeBelowLine: { bit: 1, text: '预计人均纯收入低于监测线' },
  incomeNearLine: { bit: 2, text: '预计人均纯收入接近监测线' },
  heavyLoss: { bit: 4, text: '收入骤减' },
  noLabour: { bit: 8, text: '家中无劳动力' },
  severeDisability: { bit: 16, text: '有重度残疾成员' },
  alreadyMonitored: { bit: 32, text: '已是监测对象' },
  recentlyRemoved: { bit: 64, text: '风险消除不久' },
  unsafeDwelling: { bit: 128, text: '唯一住房存在安全问题' },
  incomeUnknown: { bit: 256, text: '收入情况未掌握' },
  dwellingDamaged: { bit: 512, text: '唯一住房可能受损，不能安全居住' },
  waterGone: { bit: 1024, text: '饮水中断或不安全' },
  hardSpending: { bit: 2048, text: '刚性支出过大' },
  earnerLost: { bit: 4096, text: '主要劳动力死亡或致残' },
  outOfSchool: { bit: 8192, text: '子女失学辍学' },
  personHurt: { bit: 16384, text: '家庭成员受伤、新致残或遭受不法侵害' },
} as const;

export type AlertReason = keyof typeof alertReasons;

export function reasonsFromBits(bits: number): AlertReason[] {
  return (Object.keys(alertReasons) as AlertReason[]).filter((key) => (bits & alertReasons[key].bit) !== 0);
}
