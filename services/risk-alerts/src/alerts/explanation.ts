/**
 * Why a household was alerted, as data: what went in, step by step what was made of it, and under which policy records.
 * It is computed again from the stored inputs by the very function that raised the alert, so it cannot drift from it.
 */
import {
  alertReasons,
  findProduct,
  findShockKind,
  levelNames,
  reasonsFromBits,
  type Cause,
  type Level,
} from '@fangpin/contracts';
import { parseRegionCode, perHead, regionOfDuty, type RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { fullName, regionName } from '@fangpin/regions';
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
  /** Mu, heads or persons. */
  readonly quantity: number;
  readonly unit: '亩' | '头' | '人';
  /** Where the field, pen or workplace is, as finely as it is known. */
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
  /** Products of the household that find no buyer; kilograms in the whole area, fen per kilogram offered (0 not known). */
  readonly unsoldStock?: readonly { product: string; quantityKg: number; offeredFenPerKg: number }[];
  /** Who lets people go: the firm's code where it is named, else the workplaces of these areas. */
  readonly layOff?: {
    readonly employer: string | null;
    readonly regions: readonly { region: RegionCode; name: string }[];
    /** Wages of a year for each member with a job, fen; null where not known. */
    readonly wageFenPerWorker: number | null;
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
    wageFenPerWorker: alert.wageFenPerWorker,
  };
}

/** Explains a raised revision; `policy` is the version that the fan-out names. */
export function explain(alert: AlertEntity, fanOut: FanOut, policy: PolicySet): Explanation {
  const township = townshipCode(townshipOf(alert.dutyCode));
  const model = compileLossModel(fanOut.shock, fanOut.standing, policy, township);
  const household = householdOf(alert);
  const verdict = model.assess(household);
  const line = policy.line(township, fanOut.shock.judgedOn);
  const inputs = inputsOf(fanOut, household, township, (l) => lossOf(model.unitLoss(l, household), l.quantity));
  const steps = verdict === undefined ? [] : stepsOf(fanOut.cause, verdict, household, line.fen);
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
      const job = product?.kind === 'job';
      const range = loss(livelihood);
      return {
        product: product?.key ?? String(livelihood.product),
        name: product?.name ?? String(livelihood.product),
        quantity: crop ? livelihood.quantity / CENTIMU : livelihood.quantity,
        unit: crop ? '亩' : job ? '人' : '头',
        // A workplace is often known by its city alone.
        region: job ? parseRegionCode(String(livelihood.place)) : regionOfDuty(livelihood.place, 'village'),
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
    ...(shock.unsoldStock
      ? {
          unsoldStock: shock.unsoldStock
            .filter(({ product }) => household.livelihoods.some((livelihood) => livelihood.product === product))
            .map((stock) => ({ ...stock, product: findProduct(stock.product)?.name ?? String(stock.product) })),
        }
      : {}),
    ...(shock.layOff
      ? {
          layOff: {
            employer: shock.layOff.employer === '' ? null : shock.layOff.employer,
            regions: shock.regions.map((region) => ({ region, name: fullName(region) ?? region })),
            wageFenPerWorker: household.wageFenPerWorker ?? null,
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

/** How the loss was come by; other causes by area or heads. */
const LOSS_TEXTS: Readonly<Partial<Record<Cause, string>>> = {
  'job-loss': '按受影响的务工人数、每人一年的工资和找到新工作前的周数估算十二个月内的损失',
  'unsold-stock': '按面积或头数的年产值、卖不出去的比例和价值损失的比例估算十二个月内的损失',
};
const LOSS_TEXT = '按受影响的面积或头数、单位产值和损失比例估算十二个月内的损失';

function stepsOf(cause: Cause, verdict: Verdict, household: AssessedHousehold, lineFen: number): ExplanationStep[] {
  const { loss, projectedFen } = verdict;
  const lossPerHead = perHead(loss.middle, household.persons);
  return [
    {
      step: 'loss',
      text: LOSS_TEXTS[cause] ?? LOSS_TEXT,
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
