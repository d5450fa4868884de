/** The members of a report that stand for shocks of market and supply: unsold stock, lay-offs, water that does not come. */
import { findProductByKey, findProductByName, type Product } from '@fangpin/contracts';
import { CREDIT_CODE_RULE, isCreditCode } from '@fangpin/domain-kit';
import type { LayOffFacts, UnsoldStockFacts, WaterCutFacts } from '../shocks/shock.js';
import type { FieldReader } from './field-reader.js';

const STOCK_MEMBERS = ['product', 'quantityKg', 'offeredFenPerKg'];
const LAY_OFF_MEMBERS = ['employer', 'branches', 'persons'];
const MAX_PRODUCTS = 100;
/** A million tons, and ten thousand yuan a kilogram: more is a slip of the unit. */
const MAX_KG = 1_000_000_000;
const MAX_FEN = 1_000_000;
const MAX_PERSONS = 10_000_000;
const MAX_SCHEMES = 1_000;
const MAX_DAYS = 366;
/** As the register takes them. */
const SCHEME = /^[A-Za-z0-9-]{1,32}$/;

/** Required of `unsold-stock`, refused of every other kind. */
export function readUnsoldStock(fields: FieldReader, kind: string | undefined): UnsoldStockFacts | undefined {
  const stock = memberOf(fields, 'unsoldStock', 'unsold-stock', kind);
  if (stock === undefined) return undefined;
  stock.only(['products']);
  const given = stock.raw('products');
  if (!stock.has('products') || (Array.isArray(given) && given.length === 0))
    stock.problem('products', 'must name at least one product');
  const seen = new Set<number>();
  const products = stock.objects('products', MAX_PRODUCTS).flatMap((entry) => {
    entry.only(STOCK_MEMBERS);
    const product = productNamed(entry.raw('product'));
    const quantityKg = entry.amount('quantityKg', { max: MAX_KG, integer: false });
    const offeredFenPerKg = entry.amount('offeredFenPerKg', { max: MAX_FEN, integer: true });
    if (Math.round(quantityKg) < 1) entry.problem('quantityKg', 'must be given, at least one kilogram');
    if (product === undefined || product.kind === 'job') {
      entry.problem('product', 'must be a known crop or animal by its key or Chinese name');
      return [];
    }
    if (seen.has(product.code)) entry.problem('product', 'is named twice');
    seen.add(product.code);
    return [{ product: product.code, quantityKg: Math.round(quantityKg), offeredFenPerKg }];
  });
  return { products };
}

/** Required of `lay-off`, refused of every other kind. Without an employer the workplaces of the regions are meant. */
export function readLayOff(fields: FieldReader, kind: string | undefined): LayOffFacts | undefined {
  const layOff = memberOf(fields, 'layOff', 'lay-off', kind);
  if (layOff === undefined) return undefined;
  layOff.only(LAY_OFF_MEMBERS);
  const employer = layOff.has('employer') ? layOff.raw('employer') : '';
  if (employer !== '' && !(typeof employer === 'string' && isCreditCode(employer)))
    layOff.problem('employer', CREDIT_CODE_RULE);
  const branches = layOff.list('branches', MAX_PRODUCTS).flatMap((value, i) => {
    const product = productNamed(value);
    if (product?.kind === 'job') return [product.code];
    layOff.problem(`branches[${i}]`, 'must be a known branch of work by its key or Chinese name', value);
    return [];
  });
  const persons = layOff.amount('persons', { max: MAX_PERSONS, integer: true });
  return { employer: String(employer), branches: [...new Set(branches)].sort((a, b) => a - b), persons };
}

/** Required of `water-cut`, refused of every other kind. Without a scheme all households of the regions are meant. */
export function readWaterCut(fields: FieldReader, kind: string | undefined): WaterCutFacts | undefined {
  const cut = memberOf(fields, 'waterCut', 'water-cut', kind);
  if (cut === undefined) return undefined;
  cut.only(['schemes', 'days']);
  const schemes = cut.list('schemes', MAX_SCHEMES).flatMap((value, i) => {
    if (typeof value === 'string' && SCHEME.test(value)) return [value];
    cut.problem(`schemes[${i}]`, 'must be the code of a water scheme: at most 32 letters, digits and hyphens', value);
    return [];
  });
  return { schemes: [...new Set(schemes)].sort(), days: cut.amount('days', { max: MAX_DAYS, integer: true }) };
}

function memberOf(
  fields: FieldReader,
  name: string,
  kindOfIt: string,
  kind: string | undefined,
): FieldReader | undefined {
  // Without a known kind it cannot be said whether the member belongs.
  if (kind === undefined) return undefined;
  if (kind === kindOfIt) return fields.object(name);
  if (fields.has(name)) fields.problem(name, `belongs to reports of kind ${kindOfIt}`, null);
  return undefined;
}

function productNamed(value: unknown): Product | undefined {
  return typeof value === 'string' ? (findProductByName(value) ?? findProductByKey(value)) : undefined;
}
