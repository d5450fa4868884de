import { expect } from '@jest/globals';
import { COUNTY, type World } from './world.ts';

export interface IntakeAnswer {
  shockId: string;
  outcome: string;
  lane: string;
}

let number = 0;

/** Hail that has fallen all over an area in July: every crop stood in the field. Each call is another storm. */
export function hailOn(region: string = COUNTY): Record<string, unknown> {
  number += 1;
  return {
    kind: 'hail',
    level: 'red',
    observed: true,
    regions: [region],
    onset: '2026-07-18T02:00:00+08:00',
    headline: `冰雹 ${number}`,
    source: 'journey test',
  };
}

/** Posts a shock and answers its id; it must be a new one of the alert lane. */
export async function strike(world: World, shock: Record<string, unknown> = hailOn()): Promise<string> {
  const answer = await world.operator.post<IntakeAnswer>('/v1/shocks', shock);
  expect(answer).toMatchObject({ outcome: 'accepted', lane: 'alert' });
  return answer.shockId;
}

export async function cancel(world: World, shockId: string): Promise<void> {
  const answer = await world.operator.post<IntakeAnswer>(`/v1/shocks/${shockId}/cancel`, { reason: '误报，撤回' });
  expect(answer).toMatchObject({ shockId, outcome: 'cancelled' });
}

/** Calls a shock off and waits until it is recalled, so that the next journey finds no open case of this one. */
export async function recall(world: World, shockId: string) {
  await cancel(world, shockId);
  return world.follow(shockId, { until: ({ state }) => state === 'recalled' });
}

/** A CAP message with a geocode of the county; `sent` in Beijing time. */
export function capMessage(parts: {
  identifier: string;
  msgType?: 'Alert' | 'Update' | 'Cancel';
  references?: string;
  certainty?: string;
  region?: string;
}): string {
  const { identifier, msgType = 'Alert', references, certainty = 'Likely', region = `${COUNTY}000000` } = parts;
  return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>${identifier}</identifier>
  <sender>journeys.example</sender>
  <sent>2026-07-18T02:00:00+08:00</sent>
  <status>Actual</status>
  <msgType>${msgType}</msgType>
  <scope>Public</scope>
  ${references === undefined ? '' : `<references>${references}</references>`}
  <info>
    <language>zh-CN</language>
    <category>Met</category>
    <event>暴雨红色预警</event>
    <urgency>Immediate</urgency>
    <severity>Extreme</severity>
    <certainty>${certainty}</certainty>
    <effective>2026-07-18T02:00:00+08:00</effective>
    <expires>2026-07-18T08:00:00+08:00</expires>
    <headline>永仁县发布暴雨红色预警</headline>
    <area>
      <areaDesc>永仁县</areaDesc>
      <geocode><valueName>CPEAS Geographic Code</valueName><value>${region}</value></geocode>
    </area>
  </info>
</alert>
`;
}
