/** What the days of a sheet show in their series, in words for the officer who sent it. */
import { findMarketProduct } from '@fangpin/contracts';
import type { JudgedSeries } from './judge-series.js';
import type { PriceMark } from './mark-prices.rule.js';

export const markNames = ['several', 'gap', 'outlier'] as const;

export interface PriceMarkAnswer {
  readonly product: string;
  readonly market: string;
  readonly date: string;
  readonly mark: (typeof markNames)[number];
  readonly text: string;
}

/** The marks of the days that the sheet named; none for a series that it did not touch. */
export function marksOf(
  { series, marks, several }: Pick<JudgedSeries, 'series' | 'marks' | 'several'>,
  days: ReadonlySet<string> | undefined,
): PriceMarkAnswer[] {
  if (days === undefined) return [];
  const product = findMarketProduct(series.product)?.name ?? '';
  const answer = (date: string, mark: PriceMarkAnswer['mark'], text: string): PriceMarkAnswer => ({
    product,
    market: series.market,
    date,
    mark,
    text,
  });
  return [
    ...[...several].map(([day, rows]) => answer(day, 'several', `当日有${rows}个不同报价，取中位数`)),
    ...marks.map((one) => answer(one.day, one.mark, textOf(one))),
  ]
    .filter(({ date }) => days.has(date))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function textOf(mark: PriceMark): string {
  if (mark.mark === 'gap') return `此前${mark.days}天没有报价，间断前后不连续计算`;
  return `每公斤${yuan(mark.fenPerKg)}元，与邻近报价（中位数${yuan(mark.medianFenPerKg)}元）相差过大，待下一报价印证后才计入`;
}

function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}
