/**
 * Why a household was alerted, as data: what went in, step by step what was made of it, and under which policy records.
 * It is computed again from the stored inputs by the very function that raised the alert, so it cannot drift from it.
 */
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { livelihoodsOf, removedDayOf, spendingOf } from '../fan-out/alert-rows.js';
import type { FanOut } from '../fan-out/fan-out.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import { storedFacts, type AssessedHousehold, type Verdict } from '../loss/household.js';
import { compileLossModel } from '../loss/loss-model.js';
import type { AlertEntity } from './alert.entity.js';
import { inputsOf, type ExplanationInputs } from './explanation-inputs.js';
import type { ExplanationStep } from './explanation-step.js';
import { stepsOf } from './explanation-steps.js';
import { explanationText } from './explanation-text.js';
import { notedPolicy, type PolicyRecordUsed } from './noted-policy.js';

/** `Inputs`: what went in; of an alert of a shock unless another one says so. */
export interface Explanation<Inputs = ExplanationInputs> {
  readonly inputs: Inputs;
  readonly steps: readonly ExplanationStep[];
  readonly policy: {
    readonly version: string;
    readonly judgedOn: string;
    readonly records: readonly PolicyRecordUsed[];
  };
  readonly text: string;
  /** Whether computing again from the inputs gave the stored verdict. */
  readonly recomputed: boolean;
}

export function householdOf(alert: AlertEntity): AssessedHousehold {
  const removedDay = removedDayOf(alert.inputs);
  return {
    persons: alert.persons,
    perCapitaFen: alert.perCapitaFen,
    facts: storedFacts(alert.reasons, removedDay),
    removedDay,
    livelihoods: livelihoodsOf(alert.inputs),
    wageFenPerWorker: alert.wageFenPerWorker,
    spendingFen: spendingOf(alert.inputs),
  };
}

/** Explains a raised revision; `policy` is the version that the fan-out names. */
export function explain(alert: AlertEntity, fanOut: FanOut, policy: PolicySet): Explanation {
  const township = townshipCode(townshipOf(alert.dutyCode));
  const noted = notedPolicy(policy);
  const model = compileLossModel(fanOut.shock, fanOut.standing, noted.policy, township);
  const household = householdOf(alert);
  const verdict = model.assess(household);
  const line = underPolicy(() => policy.line(township, fanOut.shock.judgedOn));
  const inputs = inputsOf(fanOut, household, township, model);
  const unlifted = underPolicy(() => model.assess({ ...household, facts: 0 }));
  const lifted = Math.max(0, (verdict?.severity ?? 0) - (unlifted?.severity ?? 0));
  return {
    inputs,
    steps: verdict === undefined ? [] : stepsOf(inputs, verdict, line?.fen ?? null, lifted),
    policy: { version: policy.version, judgedOn: fanOut.shock.judgedOn, records: noted.records },
    text: verdict === undefined ? '' : explanationText(inputs, verdict, line, lifted),
    recomputed: verdict !== undefined && sameAsStored(verdict, alert),
  };
}

export function sameAsStored(verdict: Verdict, alert: AlertEntity): boolean {
  return (
    verdict.severity === alert.severity &&
    verdict.reasons === alert.reasons &&
    verdict.loss.low === alert.lossLowFen &&
    verdict.loss.middle === alert.lossFen &&
    verdict.loss.high === alert.lossHighFen &&
    verdict.projectedFen === alert.projectedFen
  );
}
