import { underPolicy, type PolicySet } from '@fangpin/policy';
import { compileLossModel, type LossModel } from '../loss/loss-model.js';
import type { FanOut } from './fan-out.js';
import { townshipCode, townshipOf } from './township.js';

/** Loss models of a fan-out, compiled once a township: line and values are of the place. */
export class TownshipModels {
  readonly #models = new Map<number, LossModel>();
  readonly #unknown = new Set<number>();

  constructor(
    private readonly fanOut: FanOut,
    private readonly policy: PolicySet,
  ) {}

  /** Undefined where the policy lacks something for the place: a line, a band. */
  known(dutyCode: number): LossModel | undefined {
    const township = townshipOf(dutyCode);
    if (this.#unknown.has(township)) return undefined;
    const model = underPolicy(() => this.of(dutyCode));
    if (model === undefined) this.#unknown.add(township);
    return model;
  }

  /** Throws NoPolicy where the policy lacks something for the place. */
  of(dutyCode: number): LossModel {
    const township = townshipOf(dutyCode);
    const known = this.#models.get(township);
    if (known !== undefined) return known;
    const model = compileLossModel(this.fanOut.shock, this.fanOut.standing, this.policy, townshipCode(township));
    this.#models.set(township, model);
    return model;
  }
}
