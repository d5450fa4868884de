/** What a village's answer says of shocks: 受灾 is an observed shock of that village, 未受灾 takes it back. Pure. */
import { findShockKind, levelNames, type Level } from '@fangpin/contracts';
import { shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { fullName } from '@fangpin/regions';
import type { Statement } from '../shocks/chain.rule.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { AreaDamage, ShockContent } from '../shocks/shock.js';
import type { AnswerHeard } from './village-answer.js';

const SOURCE = '村级灾情答复';

/** What of the notice, or of the report of a wider area, goes into the observed shock. */
export type NoticeAnswered = Pick<ShockContent, 'kind' | 'level' | 'onset' | 'observed' | 'facts'>;

export const harmIdentity = ({ shockId, village }: Pick<AnswerHeard, 'shockId' | 'village'>): string =>
  `village-answer:${shockId}:${village}`;

/**
 * Kind and level are the notice's or report's: nobody else has graded what happened. The forecast of a village's answer to a report is that of
 * the report, if it had one. What happened cannot have begun after it was
 * told, so a notice for tonight that was lifted at noon counts from the answer. `known`: the village has said 受灾 before.
 */
export function harmStatement(
  answer: AnswerHeard,
  notice: NoticeAnswered,
  policy: PolicySet,
  known = false,
): Statement {
  const said = answer.answeredAt ?? notice.onset;
  const onset = notice.onset < said ? notice.onset : said;
  const judgedOn = shanghaiDay(onset);
  const regions = [answer.village];
  const { kind, level } = notice;
  const forecastShockId = notice.observed ? notice.facts?.forecastShockId : answer.shockId;
  return {
    ...namesOf(answer),
    type: known ? 'update' : 'alert',
    sent: said,
    content: {
      kind,
      level,
      observed: true,
      lane: laneOf({ kind, level, observed: true }, regions, judgedOn, policy),
      regions,
      onset,
      expires: null,
      headline: headlineOf(answer.village, notice),
      source: SOURCE,
      policyVersion: policy.version,
      judgedOn,
      damage: damageOf(answer),
      ...(forecastShockId === undefined ? {} : { facts: { forecastShockId } }),
    },
    endsDueAt: null,
  };
}

/** The village has put its 受灾 right: what followed from it is recalled. */
export function recallStatement(answer: AnswerHeard, now: Date): Statement {
  return { ...namesOf(answer), type: 'cancel', sent: answer.answeredAt ?? now, endsDueAt: null };
}

// One identity makes the chain. It is no reference: a cancel reaches what it refers to past its own time, for clocks that
// disagree, and these all come from one clock.
function namesOf(answer: AnswerHeard): Pick<Statement, 'key' | 'identity' | 'references'> {
  const identity = harmIdentity(answer);
  return { key: `${identity}:${answer.revision}`, identity, references: [] };
}

function headlineOf(village: RegionCode, { kind, level, onset, observed }: NoticeAnswered): string {
  const [, month, day] = shanghaiDay(onset).split('-').map(Number);
  const name = kind === 'other' ? '' : (findShockKind(kind)?.name ?? '');
  const asked = observed ? `${name}灾情报告` : `${name}${levelNames[level as Level] ?? ''}预警`;
  return `${fullName(village) ?? village}答复受灾：${month}月${day}日${asked}`;
}

/** The lost area is the least that was damaged (成灾 holds 绝收, §13.5); figures of nothing are no figures. */
function damageOf(answer: AnswerHeard): readonly AreaDamage[] {
  const { village: region, cropHitCentimu, cropLostCentimu, housesCollapsed, housesDamaged, products } = answer;
  if (cropHitCentimu + cropLostCentimu + housesCollapsed + housesDamaged === 0) return [];
  return [
    {
      region,
      cropHitCentimu: Math.max(cropHitCentimu, cropLostCentimu),
      cropDamagedCentimu: cropLostCentimu,
      cropLostCentimu,
      products,
      housesCollapsed,
      housesDamaged,
    },
  ];
}
