/**
 * The same earthquake in two catalogues, each with a name of its own, is one shock. Two events of one catalogue never
 * are, however near: it would not have named them apart.
 */
import { COUNTRY, shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { underPolicy, type PolicySet, type QuakeSameEvent } from '@fangpin/policy';
import type { MessageStore } from '../intake/message-store.js';
import type { Statement } from '../shocks/chain.rule.js';
import type { IntensityFacts } from '../shocks/shock.js';
import { distanceKm } from './distance.js';
import { catalogueOf } from './judge-quake.rule.js';
import { isEarthquake, type Quake } from './quake.js';

export interface SameEvent {
  readonly identity: string;
  readonly shockId: string;
}

interface Candidate {
  readonly shock_id: string;
  readonly identity: string;
  readonly intensity: IntensityFacts | null;
}

/** Policy allows no more than half of it (schema of `quake-same-event`), so that two of one event share a name. */
const BUCKET_MS = 60_000;

/** Names to hold while an event is looked for: two statements of one event hold one of them in common. */
export function timeNames({ time }: Quake): string[] {
  return [-BUCKET_MS / 2, BUCKET_MS / 2].map((by) => `quake-time:${Math.floor((time.getTime() + by) / BUCKET_MS)}`);
}

/** The shock that another catalogue has made of the event; nothing for what states no network, size or place. */
export async function findSameEvent(
  tx: Tx,
  quake: Quake,
  policy: PolicySet,
  messages: MessageStore,
): Promise<SameEvent | undefined> {
  if (quake.network === '' || quake.deleted || !isEarthquake(quake)) return undefined;
  const limits = underPolicy(() => policy.get('quake-same-event', COUNTRY, shanghaiDay(quake.time)).value);
  if (limits === undefined) return undefined;
  const candidates = await tx.query<Candidate & Record<string, unknown>>(
    `SELECT shock_id, identity, facts -> 'intensity' AS intensity FROM shocks
     WHERE onset BETWEEN $1 AND $2 AND origin = 'quake' AND kind = 'earthquake' AND state <> 'cancelled' AND merged_into IS NULL
     ORDER BY shock_no`,
    [-1, 1].map((sign) => new Date(quake.time.getTime() + sign * limits.seconds * 1_000)),
  );
  for (const { shock_id: shockId, identity, intensity } of candidates) {
    if (intensity === null || !isNear(quake, intensity, limits)) continue;
    const said = (await messages.statementsByShock(tx, [shockId])).get(shockId) ?? [];
    if (isOfOthers(said, catalogueOf(quake))) return { identity, shockId };
  }
  return undefined;
}

function isNear(quake: Quake, other: IntensityFacts, limits: QuakeSameEvent): boolean {
  const { latitude, longitude, magnitude } = other;
  if (latitude === undefined || longitude === undefined || magnitude === undefined) return false;
  if (quake.epicentre === undefined || quake.magnitude === undefined) return false;
  return (
    distanceKm(quake.epicentre, [longitude, latitude]) <= limits.km &&
    Math.abs(quake.magnitude - magnitude) <= limits.magnitude
  );
}

/** Surveys aside, nothing in the chain was said by the catalogue itself, or by one that does not name itself. */
function isOfOthers(statements: readonly Statement[], catalogue: string): boolean {
  const sources = statements
    .filter(({ identity }) => identity.startsWith('quake:'))
    .flatMap(({ content }) =>
      content === undefined || content.facts?.intensity?.reported === true ? [] : [content.source],
    );
  return (
    sources.length > 0 && sources.every((source) => source !== catalogue && source !== catalogueOf({ network: '' }))
  );
}
