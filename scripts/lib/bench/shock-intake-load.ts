/** Warnings as feeds bring them: county by county and kind by kind over the whole country, in force now. */
import { childrenOf, type Region } from '@fangpin/regions';
import { COUNTRY } from '@fangpin/domain-kit';
import { Failure } from '../failure.ts';

export interface MadeUpWarning {
  adcode: string;
  name: string;
  type: string;
  color: string;
  level: string;
  issued: string;
  expires: string;
}

/** Kinds and levels in the order in which a July brings them; half go to the notice lane. */
const TYPES = ['暴雨', '雷电', '地质灾害气象风险', '高温', '大风', '山洪', '雷暴大风', '冰雹'] as const;
const COLOURS = [
  ['红色', 'Ⅰ'],
  ['橙色', 'Ⅱ'],
  ['黄色', 'Ⅲ'],
  ['蓝色', 'Ⅳ'],
] as const;
const LIFE_MS = 6 * 3_600_000;

/** So many warnings of different counties and kinds. Refuses more than the country has room for. */
export function madeUpWarnings(count: number, issuedAt: Date): MadeUpWarning[] {
  const counties = childrenOf(COUNTRY)
    .flatMap((province) => childrenOf(province.code))
    .flatMap((prefecture) => childrenOf(prefecture.code))
    .filter(({ code }: Region) => code.length === 6);
  if (count > counties.length * TYPES.length)
    throw new Failure(`at most ${counties.length * TYPES.length} warnings can be in force at once`);
  return Array.from({ length: count }, (_, i) => {
    const county = counties[i % counties.length] as Region;
    const [color, level] = COLOURS[i % COLOURS.length] as (typeof COLOURS)[number];
    return {
      adcode: county.code,
      name: county.name,
      type: TYPES[Math.floor(i / counties.length) % TYPES.length] as string,
      color,
      level,
      issued: issuedAt.toISOString(),
      expires: new Date(issuedAt.getTime() + LIFE_MS).toISOString(),
    };
  });
}

/** All of them as the relay's list of what is in force. */
export function snapshotOf(warnings: readonly MadeUpWarning[], updated: Date): object {
  const byCounty: Record<string, object[]> = {};
  for (const { adcode, ...warning } of warnings) (byCounty[adcode] ??= []).push(warning);
  return { updated: updated.toISOString(), source: 'benchmark', count: warnings.length, warnings: byCounty };
}

/** One of them as the weather service's CAP message. */
export function capOf(warning: MadeUpWarning, number: number): string {
  const { adcode, name, type, color, issued, expires } = warning;
  const headline = `${name}气象台发布${type}${color}预警信号`;
  return `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${adcode}bench_${number}</identifier><sender>${adcode}@example.cn</sender><sent>${issued.replace('Z', '-00:00')}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><language>zh-CN</language><category>Met</category><event>${type}</event><urgency>Unknown</urgency><severity>Unknown</severity><certainty>Unknown</certainty><expires>${expires.replace('Z', '-00:00')}</expires><senderName>${name}气象台</senderName><headline>${headline}</headline><area><areaDesc>${name}</areaDesc><geocode><valueName>CPEAS Geographic Code</valueName><value>${adcode}000000</value></geocode></area></info></alert>`;
}
