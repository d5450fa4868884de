/**
 * Judges the households of a live fan-out once more, under its own policy and under the shadow policy side by side, and keeps how
 * many differ. Nothing is raised and nothing is published.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { cellScope, Database } from '@fangpin/persistence';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { findFanOuts } from '../fan-out/fan-out.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { judgeExposed, judgesOf } from '../simulations/judge-exposed.js';
import { inLane, laneTried } from '../simulations/lane.rule.js';
import { givingWay } from '../simulations/simulation-gate.js';
import { Tallies } from '../simulations/tallies.js';
import { ShadowPolicy } from './shadow-policy.js';
import { noteFailure, storeRun, takeRun, type ShadowRun } from './shadow-run-store.js';
import { ShadowPool } from './shadow-pool.js';

/** Between chunks: everything else of the process goes first. */
const REST_MS = 1;
/** Live slices go first too, for as long as it takes, but for one that is stuck. */
const STAND_ASIDE = { everyMs: 250, mostMs: 600_000 };

@Injectable()
export class RunShadow {
  constructor(
    private readonly database: Database,
    private readonly pool: ShadowPool,
    private readonly policies: PolicyVersions,
    private readonly shadow: ShadowPolicy,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** One run; answers whether there was one to do. */
  async execute(signal: AbortSignal): Promise<boolean> {
    const { policy } = this.shadow;
    if (policy === undefined) return false;
    const scope = cellScope('job:shadow', this.env.cellRegion);
    const held: { run?: ShadowRun } = {};
    try {
      // The row's lock is the claim: it ends with the instance that holds it.
      return await this.pool.writing.transaction(scope, async (tx) => {
        const run = await takeRun(tx, policy.version);
        if (run === undefined) return false;
        held.run = run;
        const { townships, lacks } = await this.judge(run, signal);
        await storeRun(tx, run, townships, lacks);
        return true;
      });
    } catch (error) {
      const { run } = held;
      if (run === undefined || signal.aborted) throw error;
      this.log.error({ err: error, runNo: run.runNo }, 'shadow run failed');
      const message = error instanceof Error ? error.message : String(error);
      await this.database.transaction(scope, (tx) => noteFailure(tx, run, message));
      return true;
    }
  }

  private async judge(run: ShadowRun, signal: AbortSignal) {
    const started = performance.now();
    const scope = cellScope('job:shadow', this.env.cellRegion);
    const { policy } = this.shadow;
    const [fanOut] = await this.pool.reading.read(scope, signal, (tx) =>
      findFanOuts(tx, 'f.origin = $1 AND f.shock_revision = $2', [run.origin, run.shockRevision]),
    );
    if (fanOut === undefined || policy === undefined) throw new Error(`shadow run ${run.runNo} belongs to no fan-out`);
    const options = {
      pool: this.pool.reading,
      cell: this.env.cellRegion,
      signal,
      pause: givingWay(this.database, signal, { ...STAND_ASIDE, rest: () => sleep(REST_MS, undefined, { signal }) }),
    };
    const live = await this.policies.get(run.liveVersion);
    const lane = laneTried(fanOut.shock, live, policy, 'alert');
    const judges = await judgesOf(fanOut, [live, policy], options);
    const tallies = new Tallies();
    const { lacks } = await judgeExposed(fanOut, judges, { ...options, scope }, (household, type, [was, shadow]) => {
      tallies.add(household.dutyCode, type, was, inLane(shadow, lane));
    });
    const townships = tallies.townships();
    const ms = Math.round(performance.now() - started);
    this.log.info({ runNo: run.runNo, townships: townships.length, ms }, 'shadow run done');
    return { townships, lacks };
  }
}
