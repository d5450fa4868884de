import { NoPolicy, type PolicySet } from '@fangpin/policy';
import type { AssessedHousehold, Verdict } from '../loss/household.js';
import { compileLossModel, type LossModel } from '../loss/loss-model.js';
import type { FanOut } from './fan-out.js';
import { townshipCode, townshipOf } from './township.js';

/** Loss models of a fan-out, compiled once a township: line and values are of the place. */
export class TownshipModels {
  readonly #models = new Map<number, LossModel | NoPolicy>();

  constructor(
    private readonly fanOut: FanOut,
    private readonly policy: PolicySet,
  ) {}

  /** What is missing where the policy lacks something to judge the household by: a line, a band. Undefined where it loses nothing. */
  judge(household: AssessedHousehold & { readonly dutyCode: number }): Verdict | NoPolicy | undefined {
    try {
      return this.of(household.dutyCode).assess(household);
    } catch (error) {
      if (error instanceof NoPolicy) return error;
      throw error;
    }
  }

  /** Throws NoPolicy where the policy lacks something for the place. Where that is the line alone, judging some households does. */
  of(dutyCode: number): LossModel {
    const township = townshipOf(dutyCode);
    let model = this.#models.get(township);
    if (model === undefined) this.#models.set(township, (model = this.compiled(township)));
    if (model instanceof NoPolicy) throw model;
    return model;
  }

  private compiled(township: number): LossModel | NoPolicy {
    try {
      return compileLossModel(this.fanOut.shock, this.fanOut.standing, this.policy, townshipCode(township));
    } catch (error) {
      if (error instanceof NoPolicy) return error;
      throw error;
    }
  }
}
