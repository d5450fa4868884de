import type { Cause } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type Lane, type PolicyDifference, type PolicySet } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import { townshipCode } from '../fan-out/township.js';
import { placeOf } from '../loss/loss-model.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import type { Figures } from './figures.js';
import { perCaseworker, type Caseload } from './caseload.js';
import type { SampledHousehold } from './sample.js';
import type { Load, SimulationResponse } from './simulation.response.js';
import type { Tallies, TownshipTally } from './tallies.js';
import { placeOfLack, type Lack } from './unjudged-places.js';

export interface SimulatedShock {
  readonly shockId: string | null;
  readonly shock: ShockFacts;
  readonly cause: Cause;
  /** Under `policy`. */
  readonly lane: Lane;
  readonly policy: PolicySet;
  readonly touched: number;
  readonly lacks: readonly Lack[];
}

export interface Simulated {
  readonly asOf: string;
  readonly region: RegionCode;
  readonly shocks: readonly SimulatedShock[];
  readonly policy: {
    readonly before: PolicySet;
    readonly after: PolicySet;
    readonly changed: PolicyDifference[];
  };
  /** Whether values were tried out, so that there is something to compare with. */
  readonly tried: boolean;
  readonly tallies: Tallies;
  /** Of forecasts that alert nobody: what they would do once they happen. */
  readonly ifItHappens: Figures | null;
  readonly workers: Caseload;
  readonly sample: SampledHousehold[];
}

export function answerOf(simulated: Simulated): SimulationResponse {
  const { asOf, region, shocks, policy, tried, tallies, ifItHappens, workers, sample } = simulated;
  const townships = tallies.townships();
  const total = tallies.total();
  const load = loadOf(townships, workers);
  return {
    asOf,
    region,
    shocks: shocks.map(({ shockId, shock, cause, lane, policy: under, touched, lacks }) => ({
      shockId,
      kind: shock.kind,
      cause,
      lane,
      headline: shock.headline,
      judgedOn: shock.judgedOn,
      policyVersion: under.version,
      touched,
      unjudgedIn: lacks.map(placeOfLack),
    })),
    policy: { base: policy.before.version, version: policy.after.version, changed: policy.changed },
    ...total.after,
    load,
    unchanged: tried ? total.before : null,
    differs: tried ? total.differs : null,
    ifItHappens,
    townships: townships.map((tally) => {
      const code = townshipCode(tally.township);
      return {
        region: code,
        name: regionName(code) ?? code,
        ...tally.after,
        load: loadOf([tally], workers),
        differs: tried ? tally.differs : null,
      };
    }),
    sample,
    assumptions: assumptionsOf(shocks, townships, total.after.unjudged, load),
  };
}

function loadOf(townships: readonly TownshipTally[], workers: Caseload): Load {
  const known = townships.map(({ township }) => workers(township));
  const caseworkers = known.reduce((sum, { persons }) => sum + persons, 0);
  const cases = townships.reduce((sum, { after }) => sum + after.triage.cases, 0);
  return {
    caseworkers,
    assumed: known.some(({ assumed }) => assumed),
    casesPerCaseworker: perCaseworker(cases, caseworkers),
  };
}

/** What an officer must know before believing the counts. */
function assumptionsOf(
  shocks: readonly SimulatedShock[],
  townships: readonly TownshipTally[],
  unjudged: number,
  load: Load,
): string[] {
  const texts = [
    '按现有农户、收入和生计测算，不保存任何结果；未考虑已在办理或不久前核实无风险的农户',
    '损失的low和high是各户最轻、最重情形之和，各户不会同时如此，不能当作当地总损失的范围',
  ];
  if (load.assumed) texts.push('部分乡镇的专干人数为暂定值，待县里提供');
  if (new Set(shocks.map(({ shockId }) => shockId)).size > 1) texts.push('同一户受几个冲击影响时分别计数');
  if (unjudged > 0)
    texts.push(`有${unjudged}户因规则中缺少当地的监测线等参数，全部或部分没有测算，地点和原因见shocks[].unjudgedIn`);
  for (const { shockId, shock, lane, policy, touched } of shocks) {
    if (lane !== 'alert') texts.push(nobodyIsAlerted(lane, shock.observed));
    const lineOf = ({ township }: TownshipTally) =>
      underPolicy(() => policy.line(townshipCode(township), shock.judgedOn));
    if (townships.some((tally) => lineOf(tally)?.assumed))
      texts.push(`${shock.judgedOn}的监测线没有文件依据，按最近一年暂用`);
    if (shockId !== null) continue;
    const limit = underPolicy(() => policy.get('confirm-over', placeOf(shock), shock.judgedOn).value.households);
    if (limit !== undefined && touched > limit) texts.push(`涉及${touched}户，超过${limit}户，真实发生时须经县级确认`);
  }
  return [...new Set(texts)];
}

function nobodyIsAlerted(lane: Lane, observed: boolean): string {
  const what =
    lane === 'notice' ? '按当地规定只发提示，不向农户预警，结束后由各村报是否受灾' : '按当地规定只作记录，不向农户预警';
  if (observed) return `${what}；exposed是有损失的户数`;
  return `这是预报，${what}；exposed是一旦发生会有损失的户数，ifItHappens是届时的预警、排查和个案数`;
}
