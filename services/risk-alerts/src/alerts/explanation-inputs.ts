/** The inputs of an explanation: what was known of the shock and of the household. */
import {
  findProduct,
  findShockKind,
  levelNames,
  reasonsFromBits,
  type Cause,
  type Level,
  type ProductUnit,
} from '@fangpin/contracts';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { fullName, regionName } from '@fangpin/regions';
import type { FanOut } from '../fan-out/fan-out.js';
import { lossOf } from '../loss/crop-loss.rule.js';
import type { AnimalDiseaseModel } from '../loss/animal-disease-model.js';
import type { DwellingModel } from '../loss/dwelling-model.js';
import {
  factsJudged,
  removedOn,
  type AssessedHousehold,
  type ExposedLivelihood,
  type LossRange,
} from '../loss/household.js';
import type { LossModel } from '../loss/loss-model.js';
import { reportedFields } from '../loss/reported-fields.js';
import type { WaterModel } from '../loss/water-model.js';
import { explainedHouse, explainedWater, type ExplainedHouse, type ExplainedWater } from './home-inputs.js';

const CENTIMU = 100;

export interface ExplainedLivelihood {
  readonly product: string;
  readonly name: string;
  /** Mu, heads or persons. */
  readonly quantity: number;
  readonly unit: ProductUnit;
  /** Where the field, pen or workplace is, as finely as it is known. */
  readonly region: RegionCode;
  readonly lossLowFen: number;
  readonly lossFen: number;
  readonly lossHighFen: number;
}

export interface ExplainedStock {
  readonly product: string;
  readonly quantityKg: number;
  /** Fen per kilogram; 0 where nothing is offered, or it is not known. */
  readonly offeredFenPerKg: number;
  /** Hundredths of a mu, or heads, of the whole area; null where nobody has counted them. */
  readonly standing: number | null;
  /** A year's produce of these, kilograms, and which part of it finds no buyer; null where not known. */
  readonly yearKg: number | null;
  readonly share: number | null;
}

export interface ExplanationInputs {
  readonly shock: {
    readonly cause: Cause;
    readonly kind: string;
    readonly name: string;
    readonly level: string | null;
    readonly headline: string;
    readonly source: string;
    readonly judgedOn: string;
    readonly regions: readonly RegionCode[];
    /** False of a forecast. */
    readonly observed: boolean;
  };
  readonly township: { readonly region: RegionCode; readonly name: string };
  readonly persons: number;
  readonly perCapitaFen: number | null;
  /** Hard spending on record after refunds over the twelve months, fen; null where there is none or it is not known. */
  readonly spendingFen: number | null;
  readonly facts: readonly string[];
  /** Day on which the household's risk was removed (风险消除); null where it was not, or nobody has said when. */
  readonly removedOn: string | null;
  readonly livelihoods: readonly ExplainedLivelihood[];
  readonly priceFall?: {
    readonly product: string;
    readonly referenceFenPerKg: number;
    readonly latestFenPerKg: number;
    readonly from: string;
    readonly to: string;
  };
  /** Products of the household that find no buyer, kilograms in the whole area. */
  readonly unsoldStock?: readonly ExplainedStock[];
  /** Who lets people go: the firm's code where it is named, else the workplaces of these areas. */
  readonly layOff?: {
    readonly employer: string | null;
    readonly regions: readonly { region: RegionCode; name: string }[];
    /** Branches of work named; empty means all. */
    readonly branches: readonly string[];
    /** Wages of a year for each member with a job, fen; null where not known. */
    readonly wageFenPerWorker: number | null;
    /** Persons let go; null where the report does not count them. */
    readonly persons: number | null;
    /** Members of all households who worked there, and which part of them was let go; null where not known. */
    readonly workers: number | null;
    readonly share: number | null;
  };
  /** The house, of a shock to houses. */
  readonly house?: ExplainedHouse;
  /** The water, of a cut. */
  readonly water?: ExplainedWater;
  /** Of an animal disease: what was reported for each area, of how many heads that stood there, and what is paid for one culled. */
  readonly animalDisease?: {
    readonly reported: readonly {
      region: RegionCode;
      product: string;
      unit: ProductUnit;
      deadHeads: number;
      culledHeads: number;
      standing: number;
    }[];
    readonly compensation: readonly { product: string; unit: ProductUnit; fenPerHead: number }[];
  };
  /** Reported areas (hundredths of a mu) with the crops named there, none for all, and the crop area they are a share of. */
  readonly damage?: readonly {
    region: RegionCode;
    hit: number;
    damaged: number;
    lost: number;
    products: readonly string[];
    standing: number;
  }[];
}

/** What a verdict rests on, in words and units that people use; enough to compute it again. */
export function inputsOf(
  fanOut: Pick<FanOut, 'shock' | 'standing'>,
  household: AssessedHousehold,
  township: RegionCode,
  model: LossModel,
): ExplanationInputs {
  const { shock, standing } = fanOut;
  const { house, water } = homeOf(fanOut, household, model);
  const loss = (livelihood: ExposedLivelihood): LossRange =>
    lossOf(model.unitLoss(livelihood, household), livelihood.quantity);
  return {
    shock: {
      cause: shock.cause,
      kind: shock.kind,
      name: findShockKind(shock.kind)?.name ?? shock.kind,
      level: shock.level === 0 ? null : levelNames[shock.level as Level],
      headline: shock.headline,
      source: shock.source,
      judgedOn: shock.judgedOn,
      regions: shock.regions,
      observed: shock.observed,
    },
    township: { region: township, name: regionName(township) ?? township },
    persons: household.persons,
    perCapitaFen: household.perCapitaFen,
    spendingFen: household.spendingFen ?? null,
    facts: reasonsFromBits(factsJudged(household, model.policy.recentSince)),
    removedOn: removedOn(household),
    livelihoods:
      (house ?? water)
        ? []
        : household.livelihoods.map((livelihood) => {
            const product = findProduct(livelihood.product);
            const crop = product?.kind === 'crop';
            const range = loss(livelihood);
            return {
              product: product?.key ?? String(livelihood.product),
              name: product?.name ?? String(livelihood.product),
              quantity: crop ? livelihood.quantity / CENTIMU : livelihood.quantity,
              unit: product?.unit ?? '头',
              // A workplace is often known by its city alone.
              region: parseRegionCode(String(livelihood.place)),
              lossLowFen: range.low,
              lossFen: range.middle,
              lossHighFen: range.high,
            };
          }),
    ...(shock.priceFall
      ? {
          priceFall: {
            product: nameOf(shock.priceFall.product),
            referenceFenPerKg: shock.priceFall.referenceFenPerKg,
            latestFenPerKg: shock.priceFall.latestFenPerKg,
            from: shock.priceFall.fromDay,
            to: shock.priceFall.latestDay,
          },
        }
      : {}),
    ...(shock.unsoldStock ? { unsoldStock: stocksOf(fanOut, household, model) } : {}),
    ...(shock.layOff
      ? {
          layOff: {
            employer: shock.layOff.employer === '' ? null : shock.layOff.employer,
            regions: shock.regions.map((region) => ({ region, name: fullName(region) ?? region })),
            branches: shock.layOff.branches.map(nameOf),
            wageFenPerWorker: household.wageFenPerWorker ?? null,
            persons: shock.layOff.persons > 0 ? shock.layOff.persons : null,
            workers: standing[0] ?? null,
            share: model.reported?.(household.livelihoods[0]?.product ?? 0)?.share ?? null,
          },
        }
      : {}),
    ...(house ? { house } : {}),
    ...(water ? { water } : {}),
    ...(shock.cause === 'animal-disease' ? { animalDisease: diseaseOf(fanOut, household, model) } : {}),
    ...(shock.cause === 'crop-disaster' && reportedFields(shock).length > 0
      ? {
          damage: reportedFields(shock).map(({ region, hit, damaged, lost, products }, i) => ({
            region,
            hit,
            damaged,
            lost,
            products: products.map(nameOf),
            standing: standing[i] ?? 0,
          })),
        }
      : {}),
  };
}

const nameOf = (product: number): string => findProduct(product)?.name ?? String(product);

function stocksOf(
  { shock, standing }: Pick<FanOut, 'shock' | 'standing'>,
  household: AssessedHousehold,
  model: LossModel,
): ExplainedStock[] {
  return (shock.unsoldStock ?? []).flatMap(({ product, quantityKg, offeredFenPerKg }, i) => {
    if (!household.livelihoods.some((livelihood) => livelihood.product === product)) return [];
    const { known: yearKg = null, share = null } = model.reported?.(product) ?? {};
    return [{ product: nameOf(product), quantityKg, offeredFenPerKg, standing: standing[i] ?? null, yearKg, share }];
  });
}

function diseaseOf(
  { shock, standing }: Pick<FanOut, 'shock' | 'standing'>,
  household: AssessedHousehold,
  model: LossModel,
): NonNullable<ExplanationInputs['animalDisease']> {
  const kept = [...new Set(household.livelihoods.map(({ product }) => product))];
  const wordsOf = (code: number): { product: string; unit: ProductUnit } => {
    const product = findProduct(code);
    return { product: product?.name ?? String(code), unit: product?.unit ?? '头' };
  };
  return {
    reported: shock.animals.flatMap(({ region, product, deadHeads, culledHeads }, i) =>
      kept.includes(product)
        ? [{ region, ...wordsOf(product), deadHeads, culledHeads, standing: standing[i] ?? 0 }]
        : [],
    ),
    compensation: kept.map((product) => ({
      ...wordsOf(product),
      fenPerHead: (model as AnimalDiseaseModel).compensationFen(product),
    })),
  };
}

function homeOf(
  fanOut: Pick<FanOut, 'shock' | 'standing'>,
  household: AssessedHousehold,
  model: LossModel,
): { house?: ExplainedHouse | undefined; water?: ExplainedWater | undefined } {
  if (fanOut.shock.cause === 'dwelling') return { house: explainedHouse(fanOut, household, model as DwellingModel) };
  if (fanOut.shock.cause === 'water') return { water: explainedWater(fanOut, household, model as WaterModel) };
  return {};
}
