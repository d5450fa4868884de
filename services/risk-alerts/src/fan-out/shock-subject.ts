import { originOf } from '@fangpin/domain-kit';
import type { ShockFacts } from '../loss/shock-facts.js';

type Named = Pick<ShockFacts, 'kind' | 'cause' | 'priceFall' | 'unsoldStock' | 'layOff' | 'animals'>;

/**
 * What the alerts of a shock are about (AlertBatch.subject): its kind, and the goods, animals or employer that it names. Who was visited for the price of
 * pigs has shown nothing of walnuts. Two storms of one kind are about the same; which of them a check has seen, their onset tells.
 */
export function shockSubject({ kind, cause, priceFall, unsoldStock, layOff, animals }: Named): number {
  const products = [
    ...(priceFall === undefined ? [] : [priceFall.product]),
    ...(unsoldStock ?? []).map(({ product }) => product),
    ...animals.map(({ product }) => product),
  ];
  const named = [...new Set(products)].sort((a, b) => a - b).join('+');
  return originOf([kind, named, layOff?.employer ?? ''].join(' '), cause);
}
