import { findProduct } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import type { PolicyAnswer, PolicySet } from '@fangpin/policy';
import type { ExposedLivelihood } from '../loss/household.js';
import type { ShockFacts } from '../loss/shock-facts.js';

/** A policy record that went into a verdict, with where it comes from. */
export interface PolicyRecordUsed {
  readonly key: string;
  readonly recordId: string;
  readonly document: string;
  readonly grade: string;
  readonly assumed: boolean;
}

/** Every record that the loss model and the severity rule read for this household. */
export function policyRecordsOf(
  shock: ShockFacts,
  policy: PolicySet,
  township: RegionCode,
  livelihoods: readonly ExposedLivelihood[],
): PolicyRecordUsed[] {
  const day = shock.judgedOn;
  const used: PolicyRecordUsed[] = [];
  const add = (key: string, answer: Pick<PolicyAnswer<unknown>, 'recordId' | 'source' | 'assumed'>): void => {
    if (used.some((record) => record.recordId === answer.recordId)) return;
    used.push({
      key,
      recordId: answer.recordId,
      document: answer.source.document,
      grade: answer.source.grade,
      assumed: answer.assumed,
    });
  };
  add('monitoring-line', policy.line(township, day));
  add('severity-bands', policy.get('severity-bands', township, day));
  add('triage', policy.get('triage', township, day));
  for (const { product: code } of livelihoods) {
    const product = findProduct(code);
    if (product === undefined) continue;
    if (shock.layOff) add('wage-loss', policy.get('wage-loss', township, day, product.key));
    else if (shock.priceFall) add('animal-price', policy.get('animal-price', township, day, product.key));
    else if (product.kind === 'crop') add('crop-loss', policy.get('crop-loss', township, day, product.key));
    else add('animal-price', policy.get('animal-price', township, day, product.key));
    if (shock.unsoldStock) add('unsold-stock', policy.get('unsold-stock', township, day, product.key));
  }
  if (!shock.priceFall && !shock.layOff && !shock.unsoldStock)
    if (shock.damage.length > 0) add('damage-share', policy.get('damage-share', township, day));
    else add('hazard-loss', policy.get('hazard-loss', township, day, shock.kind));
  return used;
}
