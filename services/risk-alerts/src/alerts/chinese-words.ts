/** Amounts, days and degrees as they are said. */
import { formatYuan } from '@fangpin/domain-kit';
import type { LineAnswer } from '@fangpin/policy';

/** Whole yuan are enough for an estimate. */
export function yuan(fen: number): string {
  return formatYuan(Math.round(fen / 100) * 100);
}

export function chineseDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

export function lineText(line: LineAnswer): string {
  return `监测线每人每年${yuan(line.fen)}${line.assumed ? '（暂用，待县里确认）' : ''}`;
}

const DEGREES = ['', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', 'Ⅵ', 'Ⅶ', 'Ⅷ', 'Ⅸ', 'Ⅹ', 'Ⅺ', 'Ⅻ'];

/** 烈度 as notices write it. */
export function degree(intensity: number): string {
  return `${DEGREES[intensity] ?? String(intensity)}度`;
}
