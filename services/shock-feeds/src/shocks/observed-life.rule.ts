/** How long what has happened stays open: until so many days after the last word of it (policy `observed-life`). */
import { COUNTRY } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import type { ShockContent } from './shock.js';

const DAY_MS = 86_400_000;

/**
 * When it ends by this machine's clock, told of at `heardAt`; a stated end that lies later counts. `null`, for ever, where
 * no policy says anything. Prices end by their own rule and are not asked about here.
 */
export function observedEndsDueAt(
  { kind, regions, judgedOn, expires }: ShockContent,
  heardAt: Date,
  policy: PolicySet,
): Date | null {
  const life = underPolicy(() => policy.get('observed-life', regions[0] ?? COUNTRY, judgedOn, kind));
  if (life === undefined) return null;
  return new Date(Math.max(heardAt.getTime() + life.value.days * DAY_MS, expires?.getTime() ?? 0));
}
