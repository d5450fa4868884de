/** The level of a warning, 1 (blue) to 4 (red); 0 where nothing states one. Order of colours: rulebook §13.1. */
const COLOURS: readonly (readonly [RegExp, number])[] = [
  [/红色|\bred\b/gi, 4],
  [/橙色|\borange\b/gi, 3],
  [/黄色|\byellow\b/gi, 2],
  [/蓝色|\bblue\b/gi, 1],
];

/** Latin and full-width numerals: Ⅰ is the most serious. */
const NUMERALS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Ⅰ: 4,
    Ⅱ: 3,
    Ⅲ: 2,
    Ⅳ: 1,
    I: 4,
    II: 3,
    III: 2,
    IV: 1,
    一: 4,
    二: 3,
    三: 2,
    四: 1,
  }),
);

/** CAP's own words, and the colours that the national format writes in their place. */
const SEVERITIES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    extreme: 4,
    severe: 3,
    moderate: 2,
    minor: 1,
    red: 4,
    orange: 3,
    yellow: 2,
    blue: 1,
  }),
);

/** `texts` in the order of trust (headline, event); a colour word outweighs the severity, as officers read it. */
export function warningLevel(texts: readonly string[], severity: string): number {
  for (const text of texts) {
    const level = levelByColour(text) ?? levelByNumeral(text);
    if (level !== undefined) return level;
  }
  return SEVERITIES.get(severity.toLowerCase()) ?? 0;
}

/** The last colour named: "橙色预警升级为红色预警" is red. */
function levelByColour(text: string): number | undefined {
  let best: { at: number; level: number } | undefined;
  for (const [colour, level] of COLOURS) {
    const at = [...text.matchAll(colour)].at(-1)?.index;
    if (at !== undefined && (best === undefined || at > best.at)) best = { at, level };
  }
  return best?.level;
}

function levelByNumeral(text: string): number | undefined {
  const numeral =
    /([ⅠⅡⅢⅣ]|\b(?:III|II|IV|I)|[一二三四])级/.exec(text)?.[1] ?? /\blevel (III|II|IV|I)\b/i.exec(text)?.[1];
  return numeral === undefined ? undefined : NUMERALS.get(numeral.toUpperCase());
}
