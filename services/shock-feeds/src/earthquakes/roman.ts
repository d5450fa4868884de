/** Degrees of intensity as Chinese notices write them. */
const DEGREES = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', 'Ⅵ', 'Ⅶ', 'Ⅷ', 'Ⅸ', 'Ⅹ', 'Ⅺ', 'Ⅻ'] as const;
const LETTERS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];

/** `Ⅷ`; degrees outside 1 to 12 as the nearest of them. */
export function roman(degree: number): string {
  return DEGREES[Math.min(DEGREES.length, Math.max(1, degree)) - 1] as string;
}

/** 8 of `8`, `"8"`, `"Ⅷ"`, `"VIII"` or `"Ⅷ度"`; `undefined` for anything that is no degree from 1 to 12. */
export function readDegree(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 1 && value <= 12 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().replace(/度$/, '').toUpperCase();
  if (/^\d{1,2}$/.test(text)) return readDegree(Number(text));
  const at = Math.max(DEGREES.indexOf(text as (typeof DEGREES)[number]), LETTERS.indexOf(text));
  return at < 0 ? undefined : at + 1;
}
