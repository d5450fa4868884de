/** What of a shock comes out otherwise under another version of the policy, for those who decide on it. */
import { isDeepStrictEqual } from 'node:util';
import { rowOf, type ShockDraft } from '../shocks/shock-draft.js';
import type { ShockEntity } from '../shocks/shock.entity.js';

export const changeNames = ['lane', 'level', 'regions', 'intensity', 'price', 'expires', 'ends', 'state'] as const;
export type ChangeName = (typeof changeNames)[number];

type Row = ReturnType<typeof rowOf>;
const PARTS: Record<ChangeName, (row: Row | ShockEntity) => unknown> = {
  lane: ({ lane }) => lane,
  level: ({ level }) => level,
  regions: ({ regions }) => regions,
  intensity: ({ facts }) => facts.intensity ?? null,
  price: ({ price, facts }) => [price, facts.priceSignals ?? []],
  expires: ({ expires }) => expires,
  ends: ({ endsDueAt }) => endsDueAt,
  state: ({ state, endedBy, endedAt }) => [state, endedBy, endedAt],
};

/** In the order of {@link changeNames}; empty where only the version is new. */
export function changesOf(shock: ShockEntity, draft: ShockDraft): ChangeName[] {
  const next = rowOf(draft);
  return changeNames.filter((name) => !isDeepStrictEqual(PARTS[name](next), PARTS[name](shock)));
}
