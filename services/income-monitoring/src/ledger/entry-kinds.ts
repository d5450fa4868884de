/**
 * What an entry of the ledger is, and whether it counts towards the figure (rulebook §2.1–2.3, §2.5).
 *
 * `income` is added, `deduction` is taken off, `apart` is kept beside the figure and never in it: insurance money and
 * compliant out-of-pocket spending are fields of their own, and money with a fixed purpose or temporary help is no income.
 * Income must be steady to count; what is not steady is entered as `temporary-help`.
 */
export const entryKinds = {
  wage: { name: '工资性收入', counts: 'income' },
  business: { name: '生产经营性收入', counts: 'income' },
  property: { name: '财产性收入', counts: 'income' },
  transfer: { name: '转移性收入', counts: 'income' },
  cost: { name: '生产经营性支出', counts: 'deduction' },
  'insurance-payout': { name: '家庭理赔收入', counts: 'apart' },
  'out-of-pocket': { name: '合规自付支出', counts: 'apart' },
  'fixed-purpose-grant': { name: '专项用途补助', counts: 'apart' },
  'temporary-help': { name: '临时性帮助', counts: 'apart' },
} as const satisfies Record<string, { name: string; counts: 'income' | 'deduction' | 'apart' }>;

export type EntryKind = keyof typeof entryKinds;

export const entryKindNames = Object.keys(entryKinds) as readonly EntryKind[];

export function isEntryKind(value: unknown): value is EntryKind {
  return typeof value === 'string' && Object.hasOwn(entryKinds, value);
}

/** +1 where the kind adds to the net income of a household, -1 where it takes off, 0 where it stands apart. */
export function effectOf(kind: EntryKind): 1 | -1 | 0 {
  const { counts } = entryKinds[kind];
  return counts === 'income' ? 1 : counts === 'deduction' ? -1 : 0;
}
