/** A few alerted households of each severity, drawn so that a repeat draws the same ones, wherever they live. */
import { levelNames, reasonsFromBits, type Level } from '@fangpin/contracts';
import { regionOfDuty } from '@fangpin/domain-kit';
import { AlertEntity } from '../alerts/alert.entity.js';
import { explain, type Explanation } from '../alerts/explanation.js';
import type { ExposedHousehold } from '../exposure/exposure-row.js';
import { touchedTest } from '../exposure/touched.js';
import { flatInputs, RAISED } from '../fan-out/alert-rows.js';
import { productsAtRisk } from '../loss/loss-model.js';
import type { Judged, TriageStep } from './figures.js';
import type { HouseholdType } from './household-type.js';
import type { Judge } from './judge-exposed.js';

export interface SampledHousehold {
  readonly householdId: number;
  readonly shockId: string | null;
  /** The village. */
  readonly region: string;
  readonly type: HouseholdType;
  readonly severity: number;
  readonly severityName: string;
  readonly reasons: string[];
  readonly persons: number;
  readonly lossFen: number;
  readonly projectedPerCapitaFen: number | null;
  readonly triage: TriageStep;
  readonly explanation: Explanation;
}

interface Drawn {
  readonly rank: number;
  readonly household: ExposedHousehold;
  readonly type: HouseholdType;
  readonly outcome: Judged;
  readonly judge: Judge;
  readonly shockId: string | null;
}

export class Sample {
  readonly #bySeverity = new Map<number, Drawn[]>();

  constructor(private readonly perSeverity: number) {}

  offer(drawn: Omit<Drawn, 'rank'>): void {
    const { outcome, household } = drawn;
    if (this.perSeverity === 0 || outcome.triage === 'nothing') return;
    const rank = scatter(household.householdId);
    let kept = this.#bySeverity.get(outcome.verdict.severity);
    if (kept === undefined) this.#bySeverity.set(outcome.verdict.severity, (kept = []));
    const worst = kept.at(-1);
    if (kept.length === this.perSeverity && worst !== undefined && rank >= worst.rank) return;
    kept.push({ ...drawn, rank });
    kept.sort((a, b) => a.rank - b.rank);
    kept.length = Math.min(kept.length, this.perSeverity);
  }

  /** Gravest first, each explained as an alert is. */
  explained(): SampledHousehold[] {
    return [...this.#bySeverity.entries()].sort(([a], [b]) => b - a).flatMap(([, kept]) => kept.map(explained));
  }
}

function explained({ household, type, outcome, judge, shockId }: Drawn): SampledHousehold {
  const { verdict, triage } = outcome;
  return {
    householdId: household.householdId,
    shockId,
    region: regionOfDuty(household.dutyCode, 'village'),
    type,
    severity: verdict.severity,
    severityName: levelNames[verdict.severity as Level] ?? '无',
    reasons: reasonsFromBits(verdict.reasons),
    persons: household.persons,
    lossFen: verdict.loss.middle,
    projectedPerCapitaFen: verdict.projectedFen,
    triage,
    explanation: explain(asAlert(household, outcome, judge), judge.fanOut, judge.policy),
  };
}

/** The row that the live lane would store. */
function asAlert(household: ExposedHousehold, { verdict }: Judged, { fanOut, policy }: Judge): AlertEntity {
  // Another policy of the same stream may touch more products; an alert holds those of its own.
  const touched = touchedTest(fanOut.shock, productsAtRisk(fanOut.shock, policy));
  return Object.assign(new AlertEntity(), {
    origin: fanOut.origin,
    householdId: household.householdId,
    revision: fanOut.shockRevision,
    dutyCode: household.dutyCode,
    sliceNo: 0,
    lossLowFen: verdict.loss.low,
    lossFen: verdict.loss.middle,
    lossHighFen: verdict.loss.high,
    perCapitaFen: household.perCapitaFen,
    projectedFen: verdict.projectedFen,
    persons: household.persons,
    state: RAISED,
    severity: verdict.severity,
    reasons: verdict.reasons,
    inputs: flatInputs(
      household.livelihoods.filter(({ product, place }) => touched(product, place)),
      household,
    ),
    wageFenPerWorker: household.wageFenPerWorker ?? null,
  });
}

/** Spreads neighbouring ids over all 32-bit numbers (the finaliser of MurmurHash3). */
function scatter(id: number): number {
  let h = (id ^ Math.floor(id / 2 ** 32)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
