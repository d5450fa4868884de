/** "What if": a made-up shock, or values tried out on real ones, over the households of an area. Stores nothing. */
import type { Shock } from '@fangpin/contracts';
import { InvalidValue, NotFound, shanghaiDay, toBeijingTime, type Clock, type RegionCode } from '@fangpin/domain-kit';
import { regionScope } from '@fangpin/persistence';
import {
  changePolicy,
  differencesBetween,
  underPolicy,
  type Lane,
  type PolicyChange,
  type PolicySet,
} from '@fangpin/policy';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { placeOf } from '../loss/loss-model.js';
import { shockFacts } from '../loss/shock-facts.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { caseload } from './caseload.js';
import { changesLanes, checkedChanges } from './checked-changes.js';
import { judgedShocks } from './judged-shocks.js';
import { judgeExposed, judgesOf, type JudgedShock, type OnJudged } from './judge-exposed.js';
import { count, noFigures, type Figures } from './figures.js';
import { byHousehold } from './merge-causes.js';
import { byShock, openShocks, shockById, type KnownShock } from './known-shocks.js';
import { inLane, laneTried, laneUnder } from './lane.rule.js';
import { madeUpShock } from './made-up-shock.js';
import { NotAlerted, type Tried } from './not-alerted.js';
import { ReadingPool } from './reading-pool.js';
import { Sample } from './sample.js';
import { SimulationGate } from './simulation-gate.js';
import type { SimulationRequest } from './simulation.request.js';
import { answerOf, type SimulatedShock } from './simulation-answer.js';
import type { SimulationResponse } from './simulation.response.js';
import { SIMULATION_SETTINGS, type SimulationSettings } from './settings.js';
import { Tallies } from './tallies.js';

const SAMPLE_PER_SEVERITY = 2;
/** Before any policy. */
const EVER = '1900-01-01';

interface ToJudge extends JudgedShock {
  /** Null for a made-up one. */
  readonly shockId: string | null;
  readonly before: PolicySet;
  /** The lane that a real one was in. */
  readonly had?: Lane;
}

interface Judging {
  readonly region: RegionCode;
  readonly signal: AbortSignal;
  readonly onJudged: OnJudged;
  /** Absent where nobody is alerted. */
  readonly shown: Sample | undefined;
}

@Injectable()
export class Simulate {
  constructor(
    private readonly pool: ReadingPool,
    private readonly notAlerted: NotAlerted,
    private readonly gate: SimulationGate,
    private readonly policies: PolicyVersions,
    @Inject(SIMULATION_SETTINGS) private readonly settings: SimulationSettings,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Refuses a request that asks for nothing, or names what there is not (400), and more than may run at once (429). */
  async execute(request: SimulationRequest, region: RegionCode, caller: AbortSignal): Promise<SimulationResponse> {
    const now = this.clock.now();
    const current = this.policies.current;
    const changes = checkedChanges(current, request.policy);
    const after = changePolicy(current, changes);
    const madeUp = this.checked(request, region, now);
    const workers = caseload(request.caseworkers ?? [], after, shanghaiDay(now));
    return this.gate.run(caller, this.settings.seconds, async (signal) => {
      const shocks = madeUp ?? (await this.knownOf(request.shockId, changes, region, signal));
      const tallies = new Tallies();
      const sample = new Sample(request.samplePerSeverity ?? SAMPLE_PER_SEVERITY);
      const judged: SimulatedShock[] = [];
      let ifItHappens: Figures | null = null;
      for (const causes of byShock(shocks)) {
        const lanes = lanesOf(causes[0], changes);
        // Where several forecasts alert nobody, it sums up what each would do.
        const happened = lanes.onceItHappens === undefined ? null : (ifItHappens ??= noFigures());
        const shown = lanes.tried === 'alert' ? sample : undefined;
        const ofCauses = await byHousehold(
          causes,
          changes.length > 0 ? 2 : 1,
          (cause, onJudged) =>
            this.judge(cause, changePolicy(cause.before, changes), { region, signal, onJudged, shown }),
          (dutyCode, type, outcomes) => {
            const is = outcomes.at(-1);
            tallies.add(dutyCode, type, inLane(outcomes[0], lanes.had), inLane(is, lanes.tried));
            if (happened !== null && is !== undefined)
              count(happened, inLane(is, lanes.onceItHappens ?? 'alert'), type);
          },
        );
        judged.push(...ofCauses.map((one) => ({ ...one, lane: lanes.tried })));
      }
      return answerOf({
        asOf: toBeijingTime(this.clock.now()),
        region,
        shocks: judged,
        policy: { before: current, after, changed: differencesBetween(current, after) },
        tried: changes.length > 0,
        tallies,
        ifItHappens,
        workers,
        sample: sample.explained(),
      });
    });
  }

  private async judge(
    shock: ToJudge,
    tried: PolicySet,
    { region, signal, onJudged, shown }: Judging,
  ): Promise<Omit<SimulatedShock, 'lane'>> {
    await this.gate.standAside(signal);
    const policies = shock.before === tried ? [tried] : [shock.before, tried];
    const options = { pool: this.pool, cell: this.env.cellRegion, signal, pause: this.gate.givingWay(signal) };
    const judges = await judgesOf(shock, policies, options);
    const judge = judges.at(-1);
    if (judge === undefined) throw new Error('a simulation has a policy');
    const scope = regionScope(region, 'http:simulation');
    const { touched, lacks } = await judgeExposed(shock, judges, { ...options, scope }, (household, type, outcomes) => {
      onJudged(household, type, outcomes);
      const outcome = outcomes.at(-1);
      if (outcome !== undefined && outcome !== 'unjudged')
        shown?.offer({ household, type, outcome, judge, shockId: shock.shockId });
    });
    return { shockId: shock.shockId, shock: shock.shock, cause: shock.cause, policy: tried, touched, lacks };
  }

  /** Refuses a request that asks for nothing, or for two things; a made-up shock where it is about one. */
  private checked(request: SimulationRequest, region: RegionCode, now: Date): ToJudge[] | undefined {
    if (request.shock !== undefined && request.shockId !== undefined)
      throw new InvalidValue('shockId', request.shockId, 'does not go with shock: one or the other');
    if (request.shock !== undefined) return this.madeUp(request.shock, region, now);
    if (request.shockId === undefined && (request.policy ?? []).length === 0)
      throw new InvalidValue('shock', null, 'must be given, or shockId, or values to try out (policy)');
    return undefined;
  }

  private async knownOf(
    shockId: string | undefined,
    changes: readonly PolicyChange[],
    region: RegionCode,
    signal: AbortSignal,
  ): Promise<ToJudge[]> {
    const scope = regionScope(region, 'http:simulation');
    const alerted = await this.pool.read(scope, signal, (tx) =>
      shockId === undefined ? openShocks(tx) : shockById(tx, shockId),
    );
    const known = [
      ...alerted,
      ...(alerted.length > 0 && shockId !== undefined ? [] : await this.others(shockId, changes, signal)),
    ];
    if (shockId !== undefined && known.length === 0) throw new NotFound('fan-out', shockId);
    return Promise.all(
      known.map(async ({ shock, cause, shockId: id, policyVersion, had }) => ({
        had,
        shock,
        cause,
        shockId: id,
        before: await this.policies.get(policyVersion),
      })),
    );
  }

  /** Shocks that alerted nobody: the one that is asked for, or those that are open and would alert under the values. */
  private others(
    shockId: string | undefined,
    changes: readonly PolicyChange[],
    signal: AbortSignal,
  ): Promise<KnownShock[]> {
    const tried: Tried = (had) => changePolicy(had, changes);
    if (shockId !== undefined) return this.notAlerted.one(shockId, tried, signal);
    return changesLanes(changes) ? this.notAlerted.since(EVER, tried, { openOnly: true, signal }) : Promise.resolve([]);
  }

  private madeUp(request: NonNullable<SimulationRequest['shock']>, area: RegionCode, now: Date): ToJudge[] {
    const before = this.policies.current;
    const event = madeUpShock(request, { area, now, policyVersion: before.version });
    const shocks = judgedShocks(event, before);
    // On such a day no kind has a model, and none is judged by whom it endangers.
    if (!isSetFor(event, before))
      throw new InvalidValue('shock.onset', request.onset ?? null, 'must be of a day that policy knows');
    if (shocks.length === 0)
      throw new InvalidValue('shock.kind', event.kind, 'has no loss model: it endangers no household here');
    return shocks.map((shock) => ({ ...shock, shockId: null, before }));
  }
}

/** Whether there is policy for the day of a shock: the bands are what every model asks for. */
function isSetFor(event: Shock, policy: PolicySet): boolean {
  const { judgedOn } = event;
  return underPolicy(() => policy.get('severity-bands', placeOf(shockFacts(event)), judgedOn)) !== undefined;
}

interface Lanes {
  readonly had: Lane;
  readonly tried: Lane;
  /** Of a forecast that alerts nobody: the lane of the same thing observed. */
  readonly onceItHappens?: Lane;
}

function lanesOf({ shockId, shock, before, had = 'alert' }: ToJudge, changes: readonly PolicyChange[]): Lanes {
  const after = changePolicy(before, changes);
  const lanes =
    shockId === null
      ? { had: laneUnder(shock, before), tried: laneUnder(shock, after) }
      : { had, tried: laneTried(shock, before, after, had) };
  if (shock.observed || lanes.tried === 'alert') return lanes;
  return { ...lanes, onceItHappens: laneUnder({ ...shock, observed: true }, after) };
}
