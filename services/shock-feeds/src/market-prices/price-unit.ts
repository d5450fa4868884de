/** Prices as market sheets write them, made comparable: fen per kilogram, exact, half a fen rounded up. */

/** A price for `per` kilograms, `of` times over: 斤 is half a kilogram. */
export interface PriceUnit {
  readonly per: bigint;
  readonly of: bigint;
}

const KILOGRAMS: ReadonlyMap<string, PriceUnit> = new Map(
  Object.entries({
    公斤: { per: 1n, of: 1n },
    千克: { per: 1n, of: 1n },
    kg: { per: 1n, of: 1n },
    斤: { per: 1n, of: 2n },
    '500克': { per: 1n, of: 2n },
    '500g': { per: 1n, of: 2n },
    公担: { per: 100n, of: 1n },
    吨: { per: 1_000n, of: 1n },
    t: { per: 1_000n, of: 1n },
  }),
);
const CURRENCY = /^(?:元|人民币元|yuan|cny|rmb)[/／每]/i;
/** A Chinese sheet that says 斤 alone means 元/斤. */
const YUAN_UNDERSTOOD: ReadonlySet<string> = new Set(['斤', '公斤', '千克', '500克', '公担', '吨']);
const DECIMAL = /^(\d{1,9})(?:\.(\d{1,9}))?$/;
export const MAX_FEN_PER_KG = 10_000_000;

/** `元/公斤`, `元/斤`, `元/吨`, `yuan/kg` …, and 斤, 公斤, 吨 alone; `undefined` for a unit that is none of weight. */
export function findPriceUnit(text: string): PriceUnit | undefined {
  const unit = text.replaceAll(/\s/g, '');
  if (YUAN_UNDERSTOOD.has(unit)) return KILOGRAMS.get(unit);
  return CURRENCY.test(unit) ? KILOGRAMS.get(unit.replace(CURRENCY, '').toLowerCase()) : undefined;
}

/** A price in yuan per unit as fen per kilogram; `undefined` when the text is no positive decimal or the result absurd. */
export function fenPerKg(price: string, unit: PriceUnit): number | undefined {
  const fen = fenPer(price, unit, 1n);
  return fen !== undefined && fen >= 1 && fen <= MAX_FEN_PER_KG ? fen : undefined;
}

/** The same per tonne: what ratios of prices are taken of, as a fen is much on a kilogram of maize. */
export function fenPerTonne(price: string, unit: PriceUnit): number | undefined {
  return fenPerKg(price, unit) === undefined ? undefined : fenPer(price, unit, 1_000n);
}

function fenPer(price: string, unit: PriceUnit, kilograms: bigint): number | undefined {
  const match = DECIMAL.exec(price.trim());
  if (match === null) return undefined;
  const [, whole = '0', fraction = ''] = match;
  const scale = 10n ** BigInt(fraction.length);
  const numerator = BigInt(whole + fraction) * 100n * unit.of * kilograms;
  const denominator = scale * unit.per;
  return Number((2n * numerator + denominator) / (2n * denominator));
}
