/** Why an area is warned of: the limits of its rule, the policy record behind them, and one Chinese paragraph. */
import { findProduct } from '@fangpin/contracts';
import { regionName } from '@fangpin/regions';
import type { PolicyAnswer, RegionalWarning } from '@fangpin/policy';
import { householdLimits, partsLimits, type Limits } from './area-warning.rule.js';
import { regionOf, type AreaLevel } from './areas.js';
import { areaRule } from './judge-county.rule.js';
import type { RegionalAlert } from './regional-alert.js';
import type { RegionalExplanation, WarningSubject } from './regional-alert.responses.js';

const LEVEL_NAMES: Readonly<Record<AreaLevel, string>> = { village: '村', township: '乡镇', county: '县' };
const PART_NAMES: Readonly<Record<AreaLevel, string>> = { village: '', township: '村', county: '乡镇' };

/** Name of an area for people; its code where the lists hold none. */
export function areaName(alert: Pick<RegionalAlert, 'area'>): string {
  const region = regionOf(alert.area);
  return regionName(region) ?? region;
}

/** Employers and schemes go by their codes: their names are not kept here. */
export function subjectOf({ rule, subject }: Pick<RegionalAlert, 'rule' | 'subject'>): WarningSubject | null {
  if (subject === '') return null;
  return { code: subject, name: rule === 'product' ? (findProduct(Number(subject))?.name ?? null) : null };
}

export function explainRegionalAlert(alert: RegionalAlert, answer: PolicyAnswer<RegionalWarning>): RegionalExplanation {
  const { value, recordId, source, assumed } = answer;
  const rule = areaRule(value, alert.area.level);
  const households = householdLimits(alert.figures.of, rule.households);
  const parts = rule.parts === undefined ? null : partsLimits(alert.figures.parts, rule.parts);
  return {
    households,
    parts,
    withinDays: value.withinDays,
    endAfterDays: value.endAfterDays,
    policyVersion: alert.policyVersion,
    policy: { recordId, document: source.document, grade: source.grade, assumed },
    text: [
      whatIsSeen(alert, value),
      whereItStands(alert, households, parts),
      whatFollows(alert, households, parts, value),
      assumed ? '预警标准尚无公开出处，为暂定值，由县里确认。' : '',
      '这是对一个地方的提醒，不是对任何一户的认定。',
    ].join(''),
  };
}

function whatIsSeen(alert: RegionalAlert, { withinDays, atMostPerShock }: RegionalWarning): string {
  const { households, of } = alert.figures;
  const share = of === 0 ? '' : `，占${percent(households / of)}`;
  return `近${withinDays}天内，${areaName(alert)}${of}户中有${households}户${because(alert, atMostPerShock)}${share}。`;
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

function whereItStands({ area, figures }: RegionalAlert, own: Limits, parts: Limits | null): string {
  const line = `${LEVEL_NAMES[area.level]}一级的预警线是${own.open}户`;
  if (parts === null) return `${line}。`;
  const part = PART_NAMES[area.level];
  return `${line}，或者${figures.parts}个${part}中有${parts.open}个${part}同时预警，现有${figures.struckParts}个。`;
}

function whatFollows({ standing }: RegionalAlert, own: Limits, parts: Limits | null, value: RegionalWarning): string {
  const fewer = `少于${own.ease}户${parts === null ? '' : `、预警的下级地方少于${parts.ease}个`}`;
  if (standing.state === 'open') return `目前预警，${fewer}才转为缓解，缓解满${value.endAfterDays}天后解除。`;
  if (standing.state === 'eased')
    return `目前已缓解，${fewer}满${value.endAfterDays}天后解除；再次达到预警线则重新预警。`;
  return '目前已解除。';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')}%`;
}
