/** Posts of the Yangbi earthquake of 2021 and of its surveyed zones, for the specs about earthquakes. */
import { randomUUID } from 'node:crypto';
import type { Answer, ShockApp } from './shock-app.js';

export const YANGBI = '532922';
export const onset = Date.parse('2021-05-21T21:48:34+08:00');
/** So long after the earthquake, in milliseconds since 1970. */
export const minutes = (n: number): number => onset + n * 60_000;

interface Over {
  readonly id?: string;
  readonly coordinates?: readonly unknown[];
  readonly [property: string]: unknown;
}

/** Yangbi 2021, under an id of its own unless one is given. */
export const yangbi = ({ id = randomUUID(), coordinates = [99.87, 25.67, 8], ...properties }: Over = {}) => ({
  type: 'Feature',
  id,
  properties: {
    mag: 6.4,
    magType: 'Ms',
    place: '云南大理州漾濞县',
    time: onset,
    updated: minutes(10),
    status: 'automatic',
    type: 'earthquake',
    net: 'cc',
    ...properties,
  },
  geometry: { type: 'Point', coordinates },
});
export const post = (service: ShockApp, body: unknown, call: object = {}): Promise<Answer> =>
  service.call('POST', '/v1/shocks/earthquakes', { body, ...call });
export const shockIdOf = (answer: Answer): string => String(answer.body['shockId']);
export const codesOf = (answer: Answer): string[] =>
  (answer.body['problems'] as { readonly code: string }[]).map(({ code }) => code);
export const look = async (service: ShockApp, shockId: string): Promise<Record<string, unknown>> =>
  (await service.call('GET', `/v1/shocks/${shockId}`)).body;
/** The zones of the published intensity map, unless told otherwise. */
export const survey = (service: ShockApp, shockId: string, over: object = {}, call: object = {}): Promise<Answer> =>
  service.call('POST', `/v1/shocks/${shockId}/intensity-zones`, {
    ...call,
    body: {
      zones: [
        { intensity: 'Ⅷ', places: '漾濞县苍山西镇、漾江镇、太平乡' },
        {
          intensity: 'Ⅶ',
          places:
            '漾濞县苍山西镇、漾江镇、富恒乡、太平乡、顺濞镇、平坡镇;云龙县团结乡;洱源县西山乡、炼铁乡;巍山县紫金乡;大理市太邑乡',
        },
        { intensity: 'Ⅵ', places: '漾濞县、洱源县、云龙县、永平县、巍山县、大理市' },
      ],
      source: '中国地震局烈度图',
      surveyedAt: '2021-05-25T18:00:00+08:00',
      ...over,
    },
  });
/** Where Ⅵ and more was surveyed. */
export const COUNTIES = [YANGBI, '532901', '532927', '532928', '532929', '532930'];
