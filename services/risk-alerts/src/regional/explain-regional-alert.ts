/** Why an area is warned of: the limits of its rule, the policy record behind them, and one Chinese paragraph. */
import { findProduct } from '@fangpin/contracts';
import type { PolicyAnswer, PolicySet, RegionalWarning } from '@fangpin/policy';
import { householdLimits, partsLimits, type AreaRule, type Limits } from './area-warning.rule.js';
import { areaName, levelName, partName, percent } from './area-words.js';
import { isMunicipality, regionOf, type Area, type AreaLevel } from './areas.js';
import { isAbove, ruleAbove } from './judge-above.rule.js';
import { areaRule, type LevelOfCounty } from './judge-county.rule.js';
import type { RegionalAlert } from './regional-alert.js';
import type { AreasBelow } from './areas-below.responses.js';
import type { RegionalExplanation, WarningSubject } from './regional-alert.responses.js';
import { whoCarriesIt } from './tell-areas-below.js';

const WHO_CONFIRMS: Readonly<Record<AreaLevel, string>> = {
  village: '县里',
  township: '县里',
  county: '县里',
  prefecture: '州市',
  province: '省里',
};

function whoConfirms(area: Area): string {
  return isMunicipality(area) ? '市里' : WHO_CONFIRMS[area.level];
}

/** What judges a warning. */
export interface JudgedBy {
  /** Which alerts count. */
  readonly counting: RegionalWarning;
  /** The limits of the area, and the record that states them. */
  readonly rule: AreaRule;
  readonly record: Omit<PolicyAnswer<unknown>, 'value' | 'from'>;
}

/** By the policy under which the last revision was judged. */
export function judgedBy({ area, judgedOn, rule }: RegionalAlert, policy: PolicySet): JudgedBy {
  const region = regionOf(area);
  const counting = policy.get('regional-warning', region, judgedOn, rule);
  if (!isAbove(area))
    return { counting: counting.value, rule: areaRule(counting.value, area.level as LevelOfCounty), record: counting };
  const above = policy.get('regional-warning-above', region, judgedOn, rule);
  return { counting: counting.value, rule: ruleAbove(above.value, area.level), record: above };
}

/** Employers and schemes go by their codes: their names are not kept here. */
export function subjectOf({ rule, subject }: Pick<RegionalAlert, 'rule' | 'subject'>): WarningSubject | null {
  if (subject === '') return null;
  return { code: subject, name: rule === 'product' ? (findProduct(Number(subject))?.name ?? null) : null };
}

/** `below`: of a prefecture or province. */
export function explainRegionalAlert(
  alert: RegionalAlert,
  { counting, rule, record }: JudgedBy,
  below: AreasBelow | null,
): RegionalExplanation {
  const households = householdLimits(alert.figures.of, rule.households);
  const parts = partsLimits(alert.figures.parts, rule) ?? null;
  const { spread } = alert.figures;
  return {
    households,
    parts,
    carriedBy:
      rule.carriedBy === undefined || spread === undefined
        ? null
        : { atLeastParts: rule.carriedBy.atLeastParts, carrying: spread.carrying, holding: spread.holding },
    withinDays: counting.withinDays,
    endAfterDays: rule.endAfterDays,
    policyVersion: alert.policyVersion,
    policy: {
      recordId: record.recordId,
      document: record.source.document,
      grade: record.source.grade,
      assumed: record.assumed,
    },
    text: [
      whatIsSeen(alert, counting, below),
      whereItStands(alert, households, parts, rule),
      whatFollows(alert, households, parts, rule),
      below === null ? '' : whoCarriesIt(alert, below, counting.withinDays),
      record.assumed ? `预警标准尚无公开出处，为暂定值，由${whoConfirms(alert.area)}确认。` : '',
      '这是对一个地方的提醒，不是对任何一户的认定。',
    ].join(''),
  };
}

function whatIsSeen(
  alert: RegionalAlert,
  { withinDays, atMostPerShock }: RegionalWarning,
  below: AreasBelow | null,
): string {
  const { households, of, parts } = alert.figures;
  const share = of === 0 ? '' : `，占${percent(households / of)}`;
  const part = partName(alert.area);
  const held =
    below === null || below.notHeld.length === 0
      ? ''
      : `（按本系统现有的${parts}个${part}统计，名录共${below.listed}个）`;
  return `近${withinDays}天内，${areaName(alert)}${held}${of}户中有${households}户${because(alert, atMostPerShock)}${share}。`;
}

function because({ rule, subject }: RegionalAlert, atMostPerShock: number): string {
  switch (rule) {
    case 'share':
      return '被提示返贫致贫风险';
    case 'cluster':
      return `因互不相干的零星事由（每起在一个村不超过${atMostPerShock}户）先后被提示风险`;
    case 'product':
      return `因${findProduct(Number(subject))?.name ?? `产品${subject}`}被提示风险`;
    case 'employer':
      return `因同一用人单位（统一社会信用代码${subject}）裁员被提示风险`;
    case 'scheme':
      return `因同一供水工程（${subject}）供水问题被提示风险`;
  }
}

function whereItStands(
  { area, figures }: RegionalAlert,
  own: Limits,
  parts: Limits | null,
  { carriedBy }: AreaRule,
): string {
  const part = partName(area);
  const spread =
    carriedBy === undefined
      ? ''
      : `，并且至少${carriedBy.atLeastParts}个${part}的户数各自达到分担线（现有${figures.spread?.carrying ?? 0}个）`;
  const line = `${levelName(area)}一级的预警线是${own.open}户${spread}`;
  if (parts === null) return `${line}。`;
  if (parts.open > figures.parts) return `${line}；${figures.parts}个${part}中现有${figures.struckParts}个预警。`;
  return `${line}，或者${figures.parts}个${part}中有${parts.open}个${part}同时预警，现有${figures.struckParts}个。`;
}

/** When the warning eases. Areas below are counted at their lower limit here: those that hold a warning may be more than those that would open it. */
function whatFollows(
  { area, figures, standing }: RegionalAlert,
  own: Limits,
  parts: Limits | null,
  { carriedBy, endAfterDays }: AreaRule,
): string {
  const part = partName(area);
  const spread =
    carriedBy === undefined
      ? ''
      : `（或者户数没有降到各自缓解线以下的${part}不足${carriedBy.atLeastParts}个，现有${figures.spread?.holding ?? 0}个）`;
  const fewer = `少于${own.ease}户${spread}${parts === null ? '' : `，并且预警的${part}少于${parts.ease}个`}`;
  if (standing.state === 'open') return `目前预警，${fewer}，才转为缓解，缓解满${endAfterDays}天后解除。`;
  if (standing.state === 'eased') return `目前已缓解，${fewer}，满${endAfterDays}天后解除；再次达到预警线则重新预警。`;
  if (standing.recalled === true) return '所依据的提示已撤回或不再计入，其余的达不到预警线，预警随即撤回。';
  return '目前已解除。';
}
