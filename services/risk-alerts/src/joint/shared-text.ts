/** Fields, pens and wages that several causes take something of, as they are shown and said. */
import { findProduct, type Cause } from '@fangpin/contracts';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { yuan } from '../alerts/chinese-words.js';
import type { SharedThing } from '../episodes/shared-things.rule.js';
import type { LossRange } from '../loss/household.js';
import { EARNER } from '../loss/things.js';

interface Fen {
  readonly lowFen: number;
  readonly middleFen: number;
  readonly highFen: number;
}

/** A field, a pen or the wages of an earner; fen over twelve months, whole household. */
export interface ExplainedSharedThing {
  readonly product: string;
  readonly name: string;
  /** Null for wages. */
  readonly region: RegionCode | null;
  /** What it is worth; more is never lost of it. Zero where that is not known. */
  readonly worth: Fen;
  readonly causes: readonly ({ readonly cause: Cause } & Fen)[];
  readonly together: Fen;
}

/** Of several causes; what alerts of one cause share is told by `notAdded`. */
export function ofSeveralCauses(shared: readonly SharedThing[]): SharedThing[] {
  return shared.filter(({ causes }) => causes.length > 1);
}

export function explainedShared({ product, place, worth, causes, together }: SharedThing): ExplainedSharedThing {
  return {
    product: product === EARNER ? 'earner' : (findProduct(product)?.key ?? String(product)),
    name: nameOf(product),
    region: product === EARNER ? null : parseRegionCode(String(place)),
    worth: fen(worth),
    causes: causes.map(({ cause, loss }) => ({ cause, ...fen(loss) })),
    together: fen(together),
  };
}

/** What the causes would take more than once, fen by the middle estimate. */
export function tooMuchFen(shared: readonly SharedThing[]): number {
  return Math.round(shared.reduce((sum, { tooMuch }) => sum + tooMuch.middle, 0));
}

/** One sentence, where something would be counted more than once. */
export function sharedText(shared: readonly SharedThing[]): string {
  const several = ofSeveralCauses(shared);
  if (several.length === 0) return '';
  const names = [...new Set(several.map(({ product }) => nameOf(product)))].join('、');
  return `其中${names}碰上了不止一种困难：一种已经减掉的，别的只按剩下的算，重复的${yuan(tooMuchFen(several))}没有算进去。`;
}

const nameOf = (product: number): string =>
  product === EARNER ? '同一个劳动力的工资' : (findProduct(product)?.name ?? String(product));

const fen = ({ low, middle, high }: LossRange): Fen => ({
  lowFen: Math.round(low),
  middleFen: Math.round(middle),
  highFen: Math.round(high),
});
