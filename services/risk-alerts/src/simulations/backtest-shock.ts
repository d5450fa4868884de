/**
 * One shock of the past, judged once more for the households of today: under the policy that it had and under changed values,
 * beside what was done about it.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import { cellScope, regionScope, type Scope } from '@fangpin/persistence';
import { changePolicy, type Lane, type PolicyChange } from '@fangpin/policy';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import type { Difference } from './difference.js';
import type { Figures } from './figures.js';
import { judgeExposed, judgesOf, type OnJudged } from './judge-exposed.js';
import { doneAbout, type Done, type KnownShock } from './known-shocks.js';
import { inLane, laneTried } from './lane.rule.js';
import { byHousehold } from './merge-causes.js';
import { ReadingPool } from './reading-pool.js';
import { SimulationGate } from './simulation-gate.js';
import { Tallies } from './tallies.js';
import { placeOfLack, type UnjudgedPlace } from './unjudged-places.js';

/** One shock, once for each of its causes. */
export type Causes = readonly [KnownShock, ...KnownShock[]];

interface JudgingCause {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly lane: Lane;
  readonly onJudged: OnJudged;
}

interface Compared {
  readonly had: Figures;
  readonly changed: Figures;
  readonly differs: Difference;
}

interface CauseLine extends Compared {
  readonly cause: string;
  readonly revision: number;
  readonly state: string;
  readonly policyVersion: string;
  readonly done: Done;
  /** Where either policy lacks something to judge by. */
  readonly unjudgedIn: readonly UnjudgedPlace[];
}

export interface ShockLine extends Compared {
  readonly shockId: string;
  readonly kind: string;
  readonly headline: string;
  readonly judgedOn: string;
  /** Under the changed values; outside the alert lane nobody would have been alerted. */
  readonly lane: Lane;
  /** The lane that it was in. */
  readonly laneHad: Lane;
  readonly done: Done;
  /** Each by itself: a household that two of them touch counts under both. */
  readonly causes: readonly CauseLine[];
  readonly seconds: number;
}

@Injectable()
export class BacktestShock {
  constructor(
    private readonly pool: ReadingPool,
    private readonly gate: SimulationGate,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** In households, each once, and beside that what changes under each of its causes. */
  async execute(
    fanOuts: Causes,
    changes: readonly PolicyChange[],
    region: RegionCode,
    signal: AbortSignal,
  ): Promise<ShockLine> {
    const started = performance.now();
    const scope = regionScope(region, 'http:backtest');
    const tallies = new Tallies();
    const [first] = fanOuts;
    const lane = await this.laneOf(first, changes);
    const causes = await byHousehold(
      fanOuts,
      changes.length > 0 ? 2 : 1,
      (fanOut, onJudged) => this.judgeCause(fanOut, changes, { scope, signal, lane, onJudged }),
      (dutyCode, type, outcomes) =>
        tallies.add(dutyCode, type, inLane(outcomes[0], first.had), inLane(outcomes.at(-1), lane)),
    );
    return {
      shockId: first.shockId,
      kind: first.shock.kind,
      headline: first.shock.headline,
      judgedOn: first.shock.judgedOn,
      lane,
      laneHad: first.had,
      ...comparedIn(tallies),
      done: await this.done(
        fanOuts.map(({ origin }) => origin),
        scope,
        signal,
      ),
      causes,
      seconds: Math.round(performance.now() - started) / 1_000,
    };
  }

  private async judgeCause(
    fanOut: KnownShock,
    changes: readonly PolicyChange[],
    { scope, signal, lane, onJudged }: JudgingCause,
  ): Promise<CauseLine> {
    await this.gate.standAside(signal);
    const had = await this.policies.get(fanOut.policyVersion);
    const changed = changePolicy(had, changes);
    const options = { pool: this.pool, cell: this.env.cellRegion, signal, pause: this.gate.givingWay(signal) };
    const judges = await judgesOf(fanOut, had === changed ? [had] : [had, changed], options);
    const tallies = new Tallies();
    const { lacks } = await judgeExposed(fanOut, judges, { ...options, scope }, (household, type, outcomes) => {
      tallies.add(household.dutyCode, type, inLane(outcomes[0], fanOut.had), inLane(outcomes.at(-1), lane));
      onJudged(household, type, outcomes);
    });
    return {
      cause: fanOut.cause,
      revision: fanOut.shockRevision,
      state: fanOut.state,
      policyVersion: had.version,
      ...comparedIn(tallies),
      done: await this.done([fanOut.origin], scope, signal),
      unjudgedIn: lacks.map(placeOfLack),
    };
  }

  /**
   * Counted on the connections of simulations: the ledger of a shock of a million households takes its time. Read as of the cell, of the
   * caller's area, as the ledger is: who has moved counts in one place.
   */
  private async done(origins: readonly number[], area: Scope, signal: AbortSignal): Promise<Done> {
    await this.gate.standAside(signal);
    const scope = cellScope(`${area.name}:ledger`, this.env.cellRegion);
    return this.pool.read(scope, signal, (tx) => doneAbout(tx, origins, area));
  }

  private async laneOf(
    { shock, policyVersion, had: was }: KnownShock,
    changes: readonly PolicyChange[],
  ): Promise<Lane> {
    const had = await this.policies.get(policyVersion);
    return laneTried(shock, had, changePolicy(had, changes), was);
  }
}

function comparedIn(tallies: Tallies): Compared {
  const { before, after, differs } = tallies.total();
  return { had: before, changed: after, differs };
}
