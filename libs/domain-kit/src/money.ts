/** Money is in fen (分) as a safe integer; names end in `Fen`. */
export function yuanToFen(yuan: number): number {
  return Math.round(yuan * 100);
}

/** `870000` → `8,700元`; fen are shown only where there are any. */
export function formatYuan(fen: number): string {
  const yuan = fen / 100;
  const digits = fen % 100 === 0 ? 0 : 2;
  return `${yuan.toLocaleString('zh-CN', { minimumFractionDigits: digits, maximumFractionDigits: digits })}元`;
}

/** Divides without leaving the integers; half a fen goes up. */
export function perHead(totalFen: number, persons: number): number {
  if (persons < 1) throw new RangeError('a household has at least one person');
  return Math.round(totalFen / persons);
}
