/** How stored numbers are shown. */
import { findingKinds, findShockKind, JOINT_CAUSE, levelNames, type Level } from '@fangpin/contracts';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';

/** 蓝色, 黄色, 橙色, 红色. */
export const severityLabel = (severity: number): string => levelNames[severity as Level] ?? '';

/** The village or group of a duty code in its shortest form. */
export const regionOf = (dutyCode: number): RegionCode => parseRegionCode(String(dutyCode).padStart(15, '0'));

const kindsOfFindings: ReadonlyMap<string, string> = new Map(findingKinds.map(({ key, name }) => [key, name]));

/** The finding behind an origin; null where a shock is, or several causes together. */
export const findingIdOf = (ref: {
  readonly shock_id: string;
  readonly shock_kind: string;
  readonly cause: string;
}): string | null => (ref.cause !== JOINT_CAUSE && kindsOfFindings.has(ref.shock_kind) ? ref.shock_id : null);

/** 地震预警, 高额医疗费用预警; of what several causes are together 多种原因叠加预警. */
export function alertName({
  shock_kind: kind,
  cause,
}: {
  readonly shock_kind: string;
  readonly cause: string;
}): string {
  if (cause === JOINT_CAUSE) return '多种原因叠加预警';
  const shock = kind === 'other' ? undefined : findShockKind(kind);
  return `${shock?.name ?? kindsOfFindings.get(kind) ?? ''}预警`;
}
