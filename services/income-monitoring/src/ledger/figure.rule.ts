/**
 * The figure: 家庭人均纯收入 = (工资性 + 生产经营性 + 财产性 + 转移性 − 生产经营性支出) ÷ 家庭人口数 over the window (rulebook
 * §2.1). Spending on illness and school is not netted out, nor is insurance money added: they stand apart (§2.5).
 */
import { perHead } from '@fangpin/domain-kit';
import { effectOf, entryKindNames, type EntryKind } from './entry-kinds.js';
import { shareInWindow, type Spread } from './spread.rule.js';
import type { Window } from './window.rule.js';

export interface LedgerEntry extends Spread {
  readonly kind: EntryKind;
}

/** Fen in the window, by kind. */
export type Sums = Readonly<Record<EntryKind, number>>;

export interface Figure {
  readonly window: Window;
  readonly persons: number;
  readonly sums: Sums;
  /** Fen; negative where costs exceed income. Half a fen goes up. */
  readonly perCapitaFen: number;
  /** Months of the window that some entry of income touches: fewer than twelve, and the figure is short of facts. */
  readonly monthsCovered: number;
}

/**
 * The figure of a household's entries, or undefined where nothing is known: no entry of income meets the window (silence
 * is not poverty), or the household has no person. A reversed entry still counts as known.
 */
export function findFigure(entries: readonly LedgerEntry[], persons: number, window: Window): Figure | undefined {
  const monthsCovered = coveredMonths(entries, window);
  if (monthsCovered === 0 || persons < 1) return undefined;
  const sums = sumInWindow(entries, window);
  return { window, persons, sums, perCapitaFen: perHead(netOf(sums), persons), monthsCovered };
}

export function sumInWindow(entries: readonly LedgerEntry[], window: Window): Sums {
  const sums = Object.fromEntries(entryKindNames.map((kind) => [kind, 0])) as Record<EntryKind, number>;
  for (const entry of entries) sums[entry.kind] += shareInWindow(entry, window);
  return sums;
}

/** Net income of the household over the window, fen. */
export function netOf(sums: Sums): number {
  return entryKindNames.reduce((net, kind) => net + effectOf(kind) * sums[kind], 0);
}

/** Months of the window that some entry of income touches. */
export function coveredMonths(entries: readonly LedgerEntry[], window: Window): number {
  const income = entries.filter((entry) => effectOf(entry.kind) === 1);
  let count = 0;
  for (let month: number = window.from; month <= window.to; month += 1)
    if (income.some((entry) => entry.from <= month && entry.to >= month)) count += 1;
  return count;
}
