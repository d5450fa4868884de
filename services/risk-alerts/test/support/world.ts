/** Events as the other services send them, for specs of this one. */
import { create } from '@bufbuild/protobuf';
import {
  AreaDamageSchema,
  DwellingGrade,
  HouseholdGroup,
  HouseholdProfileSchema,
  HouseholdState,
  IncomeAssessmentSchema,
  Lane,
  LayOffSchema,
  LivelihoodKind,
  MonitoringStatus,
  ShockSchema,
  ShockState,
  UnsoldStockSchema,
  type HouseholdProfile,
  type IncomeAssessment,
  type Shock,
} from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';

export const revision = (version: number): number => packRevision({ epoch: 1, version });

/** Townships of 永仁县 with a few villages each; codes of the 2023 list. */
export const YONGDING = 532327101;
export const YIJIU = 532327102;

export interface JobSpec {
  readonly branch: number;
  /** Region code of the workplace. */
  readonly place: string;
  readonly persons?: number;
  readonly employer?: string;
}

export interface HouseholdSpec {
  readonly id: number;
  readonly township?: number;
  readonly persons?: number;
  readonly labourers?: number;
  /** Hundredths of a mu of maize. */
  readonly maize?: number;
  readonly pigs?: number;
  /** Hundredths of a mu. */
  readonly vegetables?: number;
  readonly jobs?: readonly JobSpec[];
  readonly wageYuan?: number;
  /** Paid by the household itself after refunds. */
  readonly spentYuan?: number;
  readonly dwelling?: DwellingGrade;
  /** Whether it lives nowhere else; it does not unless said. */
  readonly onlyDwelling?: boolean;
  /** Neither monitored nor lifted out: the thresholds of ordinary households hold. */
  readonly ordinary?: boolean;
  readonly waterScheme?: string;
  /** The household's risk was removed on that day; empty where nobody has said when. */
  readonly removedOn?: string;
  readonly perCapitaYuan?: number;
  readonly version?: number;
  readonly state?: HouseholdState;
}

export function dutyOf(spec: HouseholdSpec): number {
  return (spec.township ?? YONGDING) * 1_000_000 + 201_000;
}

export function profile(spec: HouseholdSpec): HouseholdProfile {
  const place = BigInt(dutyOf(spec));
  return create(HouseholdProfileSchema, {
    householdId: BigInt(spec.id),
    revision: BigInt(revision(spec.version ?? 1)),
    dutyCode: place,
    state: spec.state ?? HouseholdState.ACTIVE,
    group: spec.ordinary === true ? HouseholdGroup.ORDINARY : HouseholdGroup.LIFTED_OUT,
    persons: spec.persons ?? 4,
    labourers: spec.labourers ?? 2,
    dwelling: spec.dwelling ?? DwellingGrade.A,
    waterScheme: spec.waterScheme ?? '',
    onlyDwelling: spec.onlyDwelling ?? true,
    monitoring: spec.removedOn === undefined ? MonitoringStatus.NONE : MonitoringStatus.REMOVED,
    monitoringSince: spec.removedOn ?? '',
    livelihoods: [
      ...(spec.maize ? [{ kind: LivelihoodKind.CROP, product: 2, placeCode: place, quantity: spec.maize }] : []),
      ...(spec.vegetables
        ? [{ kind: LivelihoodKind.CROP, product: 5, placeCode: place, quantity: spec.vegetables }]
        : []),
      ...(spec.jobs ?? []).map(({ branch, place: at, persons = 1, employer = '' }) => ({
        kind: LivelihoodKind.JOB,
        product: branch,
        placeCode: BigInt(at.padEnd(15, '0')),
        quantity: persons,
        employer,
      })),
      ...(spec.pigs ? [{ kind: LivelihoodKind.ANIMAL, product: 100, placeCode: place, quantity: spec.pigs }] : []),
    ],
  });
}

export function assessment(spec: HouseholdSpec): IncomeAssessment {
  return create(IncomeAssessmentSchema, {
    householdId: BigInt(spec.id),
    revision: BigInt(revision(spec.version ?? 1)),
    dutyCode: BigInt(dutyOf(spec)),
    windowFrom: '2025-07',
    windowTo: '2026-06',
    persons: spec.persons ?? 4,
    perCapitaFen: BigInt((spec.perCapitaYuan ?? 9_000) * 100),
    wageFen: BigInt((spec.wageYuan ?? 0) * 100),
    ...(spec.spentYuan === undefined
      ? {}
      : { outOfPocketFen: BigInt(spec.spentYuan * 100 + 5_000), insurancePayoutFen: 5_000n }),
  });
}

export interface ShockSpec {
  readonly id: string;
  readonly policyVersion: string;
  readonly version?: number;
  readonly kind?: string;
  readonly state?: ShockState;
  readonly lane?: Lane;
  readonly regions?: readonly string[];
  readonly level?: number;
  readonly backwards?: boolean;
}

/** Hail in July on the whole of 永仁县, judged under the policy given. */
export function hail(spec: ShockSpec): Shock {
  return create(ShockSchema, {
    shockId: spec.id,
    revision: BigInt(revision(spec.version ?? 1)),
    kind: spec.kind ?? 'hail',
    level: spec.level ?? 4,
    observed: true,
    lane: spec.lane ?? Lane.ALERT,
    state: spec.state ?? ShockState.OPEN,
    regions: [...(spec.regions ?? ['532327'])],
    onsetMs: BigInt(Date.parse('2026-07-18T02:00:00+08:00')),
    headline: '永仁县冰雹灾情',
    source: '测试构造',
    policyVersion: spec.policyVersion,
    judgedOn: '2026-07-18',
    policyAppliedBackwards: spec.backwards ?? false,
  });
}

/** A damage report: the first township's crops, partly lost. */
export function damaged(spec: ShockSpec, hitMu: number, lostMu: number): Shock {
  const shock = hail({ ...spec, kind: 'flood', regions: [String(YONGDING)] });
  shock.damage.push(
    create(AreaDamageSchema, {
      region: String(YONGDING),
      cropHitCentimu: BigInt(hitMu * 100),
      cropDamagedCentimu: BigInt(lostMu * 100),
      cropLostCentimu: BigInt(lostMu * 100),
    }),
  );
  return shock;
}

/** People let go where the work was. */
export function layOff(spec: ShockSpec, facts: { employer?: string; branches?: number[]; persons?: number }): Shock {
  const shock = hail({ ...spec, kind: 'lay-off' });
  shock.layOff = create(LayOffSchema, facts);
  return shock;
}

export function unsoldVegetables(spec: ShockSpec, offeredFenPerKg = 0, quantityKg = 120_000n): Shock {
  const shock = hail({ ...spec, kind: 'unsold-stock' });
  const stock = { product: 5, quantityKg, offeredFenPerKg: BigInt(offeredFenPerKg) };
  shock.unsoldStock = create(UnsoldStockSchema, { products: [stock] });
  return shock;
}

export function pigPriceFall(spec: ShockSpec, referenceFen: number, latestFen: number): Shock {
  const shock = hail({ ...spec, kind: 'price-fall', regions: ['00'] });
  shock.priceFall = {
    $typeName: 'fangpin.shocks.v1.PriceFall',
    product: 100,
    market: '全国',
    referenceFenPerKg: BigInt(referenceFen),
    latestFenPerKg: BigInt(latestFen),
    fromDay: '2026-04-18',
    latestDay: '2026-07-18',
    signals: [],
  };
  return shock;
}
