/** What a village may answer, and whether two answers say the same. */
import { findProductByName } from '@fangpin/contracts';
import type { FieldProblem } from '@fangpin/domain-kit';
import type { AnswerRequest } from './dto/answer.request.js';

/** An answer as it is stored: hundredths of a mu, houses (户), product codes; null where nothing was stated. */
export interface VillageReply {
  readonly hit: boolean;
  readonly cropHitCentimu: number | null;
  readonly cropLostCentimu: number | null;
  readonly housesCollapsed: number | null;
  readonly housesDamaged: number | null;
  /** Ascending; empty means that none were named. */
  readonly products: readonly number[];
}

export const NOT_HIT: VillageReply = {
  hit: false,
  cropHitCentimu: null,
  cropLostCentimu: null,
  housesCollapsed: null,
  housesDamaged: null,
  products: [],
};

const CENTIMU = 100;
const FIGURES = ['cropHitMu', 'cropLostMu', 'housesCollapsed', 'housesDamaged', 'products'] as const;

/** What the members' own rules cannot say: figures belong to 受灾, 受灾面积 holds 绝收面积 (§13.5), products are crops. */
export function answerProblems(request: AnswerRequest): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!request.hit)
    for (const field of FIGURES)
      if (request[field] !== undefined)
        problems.push({ field, value: request[field], rule: 'belongs to an answer with hit: true' });
  const { cropHitMu, cropLostMu } = request;
  if (cropHitMu !== undefined && cropLostMu !== undefined && cropLostMu > cropHitMu)
    problems.push({ field: 'cropLostMu', value: cropLostMu, rule: 'must not exceed cropHitMu' });
  (request.products ?? []).forEach((name, i) => {
    if (findProductByName(name)?.kind !== 'crop')
      problems.push({ field: `products[${i}]`, value: name, rule: 'must be a known crop by its Chinese name' });
  });
  return problems;
}

/** The answer of a request without problems. */
export function replyOf(request: AnswerRequest): VillageReply {
  if (!request.hit) return NOT_HIT;
  const codes = (request.products ?? []).flatMap((name) => findProductByName(name)?.code ?? []);
  return {
    hit: true,
    cropHitCentimu: centimu(request.cropHitMu),
    cropLostCentimu: centimu(request.cropLostMu),
    housesCollapsed: request.housesCollapsed ?? null,
    housesDamaged: request.housesDamaged ?? null,
    products: [...new Set(codes)].sort((a, b) => a - b),
  };
}

const centimu = (mu: number | undefined): number | null => (mu === undefined ? null : Math.round(mu * CENTIMU));

/** A repeat of what was answered changes nothing; the note is no part of it. */
export function saysTheSame(a: VillageReply, b: VillageReply): boolean {
  return (
    a.hit === b.hit &&
    a.cropHitCentimu === b.cropHitCentimu &&
    a.cropLostCentimu === b.cropLostCentimu &&
    a.housesCollapsed === b.housesCollapsed &&
    a.housesDamaged === b.housesDamaged &&
    a.products.join() === b.products.join()
  );
}
