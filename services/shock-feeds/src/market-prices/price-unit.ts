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
const DECIMAL = /^(\d{1,9})(?:\.(\d{1,9}))?$/;
export const MAX_FEN_PER_KG = 10_000_000;

/** `元/公斤`, `元/斤`, `元/吨`, `yuan/kg` …; `undefined` for a unit that is none of weight. */
export function findPriceUnit(text: string): PriceUnit | undefined {
  const unit = text.replaceAll(/\s/g, '');
  return CURRENCY.test(unit) ? KILOGRAMS.get(unit.replace(CURRENCY, '').toLowerCase()) : undefined;
}

/** A price in yuan per unit as fen per kilogram; `undefined` when the text is no positive decimal or the result absurd. */
export function fenPerKg(price: string, unit: PriceUnit): number | undefined {
  const match = DECIMAL.exec(price.trim());
  if (match === null) return undefined;
  const [, whole = '0', fraction = ''] = match;
  const scale = 10n ** BigInt(fraction.length);
  const numerator = BigInt(whole + fraction) * 100n * unit.of;
  const denominator = scale * unit.per;
  const fen = Number((2n * numerator + denominator) / (2n * denominator));
  return fen >= 1 && fen <= MAX_FEN_PER_KG ? fen : undefined;
}
