/** How stored numbers are shown. */
import { findingKinds, JOINT_CAUSE, levelNames, type Level } from '@fangpin/contracts';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';

/** 蓝色, 黄色, 橙色, 红色. */
export const severityLabel = (severity: number): string => levelNames[severity as Level] ?? '';

/** The village or group of a duty code in its shortest form. */
export const regionOf = (dutyCode: number): RegionCode => parseRegionCode(String(dutyCode).padStart(15, '0'));

const kindsOfFindings: ReadonlySet<string> = new Set(findingKinds.map(({ key }) => key));

/** The finding behind an origin; null where a shock is, or several causes together. */
export const findingIdOf = (ref: {
  readonly shock_id: string;
  readonly shock_kind: string;
  readonly cause: string;
}): string | null => (ref.cause !== JOINT_CAUSE && kindsOfFindings.has(ref.shock_kind) ? ref.shock_id : null);
