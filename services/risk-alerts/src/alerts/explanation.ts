/**
 * Why a household was alerted, as data: what went in, step by step what was made of it, and under which policy records.
 * It is computed again from the stored inputs by the very function that raised the alert, so it cannot drift from it.
 */
import { alertReasons, findProduct, findShockKind, levelNames, reasonsFromBits, type Level } from '@fangpin/contracts';
import { perHead, regionOfDuty, type RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { FanOut } from '../fan-out/fan-out.js';
import { livelihoodsOf } from '../fan-out/alert-rows.js';
import { lossOf } from '../loss/crop-loss.rule.js';
import { FACT_BITS, type AssessedHousehold, type ExposedLivelihood, type Verdict } from '../loss/household.js';
import { compileLossModel } from '../loss/loss-model.js';
import type { AlertEntity } from './alert.entity.js';
import { policyRecordsOf, type PolicyRecordUsed } from './explanation-policy.js';
import { explanationText } from './explanation-text.js';

export interface ExplainedLivelihood {
  readonly product: string;
  readonly name: string;
  /** Mu or heads. */
  readonly quantity: number;
  readonly unit: '亩' | '头';
  readonly region: RegionCode;
  readonly lossLowFen: number;
  readonly lossFen: number;
  readonly lossHighFen: number;
}

export interface ExplanationInputs {
  readonly shock: {
    readonly kind: string;
    readonly name: string;
    readonly level: string | null;
    readonly headline: string;
    readonly source: string;
    readonly judgedOn: string;
  };
  readonly township: { readonly region: RegionCode; readonly name: string };
  readonly persons: number;
  readonly perCapitaFen: number | null;
  readonly facts: readonly string[];
  readonly livelihoods: readonly ExplainedLivelihood[];
  readonly priceFall?: {
    readonly referenceFenPerKg: number;
    readonly latestFenPerKg: number;
    readonly from: string;
    readonly to: string;
  };
  /** Reported areas (hundredths of a mu) and the crop area they are a share of. */
  readonly damage?: readonly { region: RegionCode; hit: number; damaged: number; lost: number; standing: number }[];
}

export interface ExplanationStep {
  readonly step: 'loss' | 'projection' | 'line' | 'severity';
  readonly text: string;
  readonly values: Readonly<Record<string, number | string | null>>;
}

export interface Explanation {
  readonly inputs: ExplanationInputs;
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

const CENTIMU = 100;

export function householdOf(alert: AlertEntity): AssessedHousehold {
  return {
    persons: alert.persons,
    perCapitaFen: alert.perCapitaFen,
    facts: alert.reasons & FACT_BITS,
    livelihoods: livelihoodsOf(alert.inputs),
  };
}

/** Explains a raised revision; `policy` is the version that the fan-out names. */
export function explain(alert: AlertEntity, fanOut: FanOut, policy: PolicySet): Explanation {
  const township = townshipCode(townshipOf(alert.dutyCode));
  const model = compileLossModel(fanOut.shock, fanOut.standing, policy, township);
  const household = householdOf(alert);
  const verdict = model.assess(household);
  const line = policy.line(township, fanOut.shock.judgedOn);
  const inputs = inputsOf(fanOut, household, township, (l) => lossOf(model.unitLoss(l), l.quantity));
  const steps = verdict === undefined ? [] : stepsOf(verdict, household, line.fen);
  return {
    inputs,
    steps,
    policy: {
      version: policy.version,
      judgedOn: fanOut.shock.judgedOn,
      records: policyRecordsOf(fanOut.shock, policy, township, household.livelihoods),
    },
    text: verdict === undefined ? '' : explanationText(inputs, verdict, line),
    recomputed: verdict !== undefined && sameAsStored(verdict, alert),
  };
}

function sameAsStored(verdict: Verdict, alert: AlertEntity): boolean {
  return (
    verdict.severity === alert.severity &&
    verdict.reasons === alert.reasons &&
    verdict.loss.low === alert.lossLowFen &&
    verdict.loss.middle === alert.lossFen &&
    verdict.loss.high === alert.lossHighFen &&
    verdict.projectedFen === alert.projectedFen
  );
}

function inputsOf(
  fanOut: FanOut,
  household: AssessedHousehold,
  township: RegionCode,
  loss: (livelihood: ExposedLivelihood) => { low: number; middle: number; high: number },
): ExplanationInputs {
  const { shock, standing } = fanOut;
  return {
    shock: {
      kind: shock.kind,
      name: findShockKind(shock.kind)?.name ?? shock.kind,
      level: shock.level === 0 ? null : levelNames[shock.level as Level],
      headline: shock.headline,
      source: shock.source,
      judgedOn: shock.judgedOn,
    },
    township: { region: township, name: regionName(township) ?? township },
    persons: household.persons,
    perCapitaFen: household.perCapitaFen,
    facts: reasonsFromBits(household.facts),
    livelihoods: household.livelihoods.map((livelihood) => {
      const product = findProduct(livelihood.product);
      const crop = product?.kind === 'crop';
      const range = loss(livelihood);
      return {
        product: product?.key ?? String(livelihood.product),
        name: product?.name ?? String(livelihood.product),
        quantity: crop ? livelihood.quantity / CENTIMU : livelihood.quantity,
        unit: crop ? '亩' : '头',
        region: regionOfDuty(livelihood.place, 'village'),
        lossLowFen: range.low,
        lossFen: range.middle,
        lossHighFen: range.high,
      };
    }),
    ...(shock.priceFall
      ? {
          priceFall: {
            referenceFenPerKg: shock.priceFall.referenceFenPerKg,
            latestFenPerKg: shock.priceFall.latestFenPerKg,
            from: shock.priceFall.fromDay,
            to: shock.priceFall.latestDay,
          },
        }
      : {}),
    ...(shock.damage.length > 0
      ? {
          damage: shock.damage.map(({ region, hit, damaged, lost }, i) => ({
            region,
            hit,
            damaged,
            lost,
            standing: standing[i] ?? 0,
          })),
        }
      : {}),
  };
}

function stepsOf(verdict: Verdict, household: AssessedHousehold, lineFen: number): ExplanationStep[] {
  const { loss, projectedFen } = verdict;
  const lossPerHead = perHead(loss.middle, household.persons);
  return [
    {
      step: 'loss',
      text: '按受影响的面积或头数、单位产值和损失比例估算十二个月内的损失',
      values: { lowFen: loss.low, middleFen: loss.middle, highFen: loss.high },
    },
    {
      step: 'projection',
      text: '现有人均纯收入减去人均损失，得到预计人均纯收入',
      values: {
        perCapitaFen: household.perCapitaFen,
        lossPerHeadFen: lossPerHead,
        projectedFen,
        projectedLowFen:
          household.perCapitaFen === null ? null : household.perCapitaFen - perHead(loss.high, household.persons),
        projectedHighFen:
          household.perCapitaFen === null ? null : household.perCapitaFen - perHead(loss.low, household.persons),
      },
    },
    {
      step: 'line',
      text: '与当地当日的监测线比较',
      values: { lineFen, ratio: projectedFen === null ? null : Math.round((projectedFen / lineFen) * 1000) / 1000 },
    },
    {
      step: 'severity',
      text: reasonsFromBits(verdict.reasons)
        .map((reason) => alertReasons[reason].text)
        .join('；'),
      values: { severity: verdict.severity, level: levelNames[verdict.severity as Level] ?? null },
    },
  ];
}
