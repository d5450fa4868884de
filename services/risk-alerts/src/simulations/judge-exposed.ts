/**
 * Judges a shock's households without raising anything: the same stream and the same loss models as a live slice, under one
 * policy or several at once, so that what differs between two answers is the policy and nothing else.
 */
import type { Cause } from '@fangpin/contracts';
import { regionScope, type Scope, type Tx } from '@fangpin/persistence';
import { NoPolicy, type PolicySet } from '@fangpin/policy';
import type { RegionCode } from '@fangpin/domain-kit';
import { liveExposure } from '../exposure/exposure-sets.js';
import type { ExposedHousehold } from '../exposure/exposure-row.js';
import { streamExposed } from '../exposure/exposure-stream.js';
import { townshipSizesSql } from '../exposure/touched.js';
import type { FanOut } from '../fan-out/fan-out.js';
import { standingAreas } from '../fan-out/standing-areas.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { TownshipModels } from '../fan-out/township-models.js';
import { productsAtRisk } from '../loss/loss-model.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { triageOf, type Judged, type Outcome } from './figures.js';
import { readGroups, typeOf, type HouseholdType } from './household-type.js';
import type { ReadingPool } from './reading-pool.js';
import { Lacks, type Lack } from './unjudged-places.js';

export interface JudgedShock {
  readonly shock: ShockFacts;
  readonly cause: Cause;
}

/** Outcomes in the order of the policies; undefined where a policy finds no loss. At least one of them is not. */
export type OnJudged = (
  household: ExposedHousehold,
  type: HouseholdType,
  outcomes: readonly (Outcome | undefined)[],
) => void;

/** What one policy makes of a shock; `fanOut` is what the models and explanations ask for. */
export interface Judge {
  readonly policy: PolicySet;
  readonly fanOut: FanOut;
}

export interface JudgeOptions {
  readonly pool: ReadingPool;
  /** Under which households are read: the caller's. */
  readonly scope: Scope;
  readonly cell: RegionCode;
  readonly signal: AbortSignal;
  /** Runs between chunks: lets others have the processor, and throws to stop. */
  readonly pause: () => Promise<void>;
}

/**
 * The standing areas of a damage report are sums over its whole region, so they are read for the cell: in a caller's narrower
 * area the same damage would seem larger. Only the sum leaves the transaction.
 */
export async function judgesOf(
  { shock, cause }: JudgedShock,
  policies: readonly PolicySet[],
  { pool, cell, signal }: Pick<JudgeOptions, 'pool' | 'cell' | 'signal'>,
): Promise<Judge[]> {
  const standing = await pool.read(regionScope(cell, 'job:standing-areas'), signal, async (tx) => {
    const tables = await liveExposure(tx, 'read');
    const areas: number[][] = [];
    for (const policy of policies) areas.push(await standingAreas(tx, tables, shock, productsAtRisk(shock, policy)));
    return areas;
  });
  return policies.map((policy, i) => ({ policy, fanOut: asFanOut(shock, cause, policy, standing[i] ?? []) }));
}

export interface Exposed {
  /** Households with a livelihood that the shock touches. */
  readonly touched: number;
  readonly lacks: readonly Lack[];
}

/** Streams the households once. Who cannot be judged is handed over as such, as the live lane keeps them back: no line is made up. */
export function judgeExposed(
  { shock }: JudgedShock,
  judges: readonly Judge[],
  { pool, scope, signal, pause }: JudgeOptions,
  onJudged: OnJudged,
): Promise<Exposed> {
  const products = [...new Set(judges.flatMap(({ policy }) => productsAtRisk(shock, policy)))];
  const models = judges.map(({ fanOut, policy }) => new TownshipModels(fanOut, policy));
  return pool.read(scope, signal, async (tx: Tx) => {
    const tables = await liveExposure(tx, 'read');
    const townships = (await tx.query<{ township: number }>(townshipSizesSql(tables, shock, products))).map(
      ({ township }) => township,
    );
    const lacks = new Lacks();
    if (townships.length === 0) return { touched: 0, lacks: [] };
    const lo = Math.min(...townships) * TOWNSHIP_SPAN;
    const hi = (Math.max(...townships) + 1) * TOWNSHIP_SPAN;
    const groups = await readGroups(tx, tables, { lo, hi }, pause);
    let touched = 0;
    await streamExposed(
      tx,
      tables,
      { shock, products },
      { townships },
      (household) => {
        touched += 1;
        const outcomes = models.map((ofTownship, i) => {
          const outcome = outcomeOf(ofTownship, household);
          if (!(outcome instanceof NoPolicy)) return outcome;
          lacks.add(household.dutyCode, judges[i]?.policy.version ?? '', outcome);
          return 'unjudged';
        });
        if (outcomes.every((outcome) => outcome === undefined)) return;
        onJudged(household, typeOf(household.facts, groups.of(household.householdId)), outcomes);
      },
      pause,
    );
    return { touched, lacks: lacks.all() };
  });
}

function outcomeOf(models: TownshipModels, household: ExposedHousehold): Judged | NoPolicy | undefined {
  const verdict = models.judge(household);
  if (verdict === undefined || verdict instanceof NoPolicy) return verdict;
  return { verdict, triage: triageOf(verdict, models.of(household.dutyCode).policy.triage.caseFrom) };
}

function asFanOut(shock: ShockFacts, cause: Cause, policy: PolicySet, standing: readonly number[]): FanOut {
  return {
    origin: 0,
    shockId: shock.shockId,
    cause,
    shockRevision: shock.revision,
    direction: 'raise',
    state: 'running',
    lane: 'live',
    policyVersion: policy.version,
    shock,
    pins: {},
    standing,
    candidates: null,
    confirmedBy: null,
  };
}
