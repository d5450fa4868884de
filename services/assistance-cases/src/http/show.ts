/** How stored numbers are shown. */
import { levelNames, type Level } from '@fangpin/contracts';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';

/** 蓝色, 黄色, 橙色, 红色. */
export const severityLabel = (severity: number): string => levelNames[severity as Level] ?? '';

/** The village or group of a duty code in its shortest form. */
export const regionOf = (dutyCode: number): RegionCode => parseRegionCode(String(dutyCode).padStart(15, '0'));
