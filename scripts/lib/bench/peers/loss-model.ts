/**
 * The loss model of risk-alerts for the peers: they shall differ from the services in how they move and store, not in what they
 * judge. It is pure, and loaded as the service itself loads it, built.
 */
import { pathToFileURL } from 'node:url';
import type { RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import type * as Households from '../../../../services/risk-alerts/src/loss/household.ts';
import type * as LossModels from '../../../../services/risk-alerts/src/loss/loss-model.ts';
import type * as Shocks from '../../../../services/risk-alerts/src/loss/shock-facts.ts';
import { inRepository } from '../../paths.ts';

export type LossModel = LossModels.LossModel;
export type ShockFacts = Shocks.ShockFacts;
export type AssessedHousehold = Households.AssessedHousehold;
export type Verdict = Households.Verdict;

/** What of it the peers use. */
export type LossModelDoor = Pick<typeof LossModels, 'compileLossModel' | 'productsAtRisk'> &
  Pick<typeof Households, 'householdFacts'> &
  Pick<typeof Shocks, 'shockFacts'>;

export async function loadLossModel(): Promise<LossModelDoor> {
  const load = async (name: string): Promise<unknown> =>
    import(pathToFileURL(inRepository('services', 'risk-alerts', 'dist', 'loss', `${name}.js`)).href);
  const [models, households, shocks] = await Promise.all(['loss-model', 'household', 'shock-facts'].map(load));
  return {
    ...(models as typeof LossModels),
    ...(households as typeof Households),
    ...(shocks as typeof Shocks),
  };
}

/** Models by township, each compiled once, as a slice of the service has them. */
export function modelsOf(
  door: LossModelDoor,
  shock: ShockFacts,
  policy: PolicySet,
): (township: RegionCode) => LossModel {
  const known = new Map<RegionCode, LossModel>();
  return (township) => {
    const model = known.get(township) ?? door.compileLossModel(shock, [], policy, township);
    known.set(township, model);
    return model;
  };
}
