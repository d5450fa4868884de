import type { Cause } from '@fangpin/contracts';
import { NotFound } from '@fangpin/domain-kit';
import { causes } from './cause-words.js';

export interface EpisodeKey {
  readonly householdId: number;
  readonly cause: Cause;
  readonly ordinal: number;
}

/** `1204.price-fall.1`: the first episode of household 1204 and that cause; readable, and the same for ever. */
export function episodeId({ householdId, cause, ordinal }: EpisodeKey): string {
  return `${householdId}.${cause}.${ordinal}`;
}

/** The same among the episodes of one household. */
export function keyInHousehold({ cause, ordinal }: { readonly cause: string; readonly ordinal: number }): string {
  return `${cause}/${ordinal}`;
}

/** Throws {@link NotFound} for what is no id of an episode. */
export function parseEpisodeId(id: string): EpisodeKey {
  const [, household, word, ordinal] = /^([1-9]\d{0,15})\.([a-z-]{3,30})\.([1-9]\d{0,8})$/.exec(id) ?? [];
  const cause = causes.find((one) => one === word);
  if (cause === undefined || !Number.isSafeInteger(Number(household))) throw new NotFound('risk episode', id);
  return { householdId: Number(household), cause, ordinal: Number(ordinal) };
}

/** Reads the id of a household; throws {@link NotFound} of what is asked for where it is none. */
export function parseHouseholdId(id: string, what: string): number {
  const householdId = /^[1-9]\d{0,15}$/.test(id) ? Number(id) : Number.NaN;
  if (!Number.isSafeInteger(householdId)) throw new NotFound(what, id);
  return householdId;
}
