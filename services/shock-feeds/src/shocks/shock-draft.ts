/** A state of a shock before it is a row. */
import { oneLine } from './one-line.js';
import type { ShockContent, ShockEnd, ShockState } from './shock.js';
import type { CancelledBy, ShockEntity } from './shock.entity.js';

export interface ShockDraft {
  readonly content: ShockContent;
  readonly state: ShockState;
  readonly endsDueAt: Date | null;
  /** How and when, by the shock's own time, it was over; left out, its expiry or the cancel. */
  readonly end?: { readonly by: ShockEnd; readonly at: Date };
  readonly cancelledBy?: CancelledBy | null;
  readonly cancelReason?: string | null;
  readonly mergedInto?: string | null;
}

export function rowOf(draft: ShockDraft) {
  const { content, state } = draft;
  return {
    kind: content.kind,
    level: content.level,
    observed: content.observed,
    lane: content.lane,
    state,
    regions: [...content.regions],
    onset: content.onset,
    expires: content.expires,
    endsDueAt: draft.endsDueAt,
    headline: oneLine(content.headline),
    source: oneLine(content.source),
    policyVersion: content.policyVersion,
    judgedOn: content.judgedOn,
    damage: [...content.damage],
    price: content.price ?? null,
    facts: content.facts ?? {},
    ...endOf(draft),
    cancelledBy: draft.cancelledBy ?? null,
    cancelReason: draft.cancelReason ?? null,
    mergedInto: draft.mergedInto ?? null,
  };
}

function endOf({ state, end, content }: ShockDraft): Pick<ShockEntity, 'endedBy' | 'endedAt'> {
  if (state === 'open') return { endedBy: null, endedAt: null };
  if (end !== undefined) return { endedBy: end.by, endedAt: end.at };
  return { endedBy: state === 'cancelled' ? 'cancelled' : 'expiry', endedAt: content.expires };
}

/** The content of a row, for a change that keeps it. */
export function contentOf(shock: ShockEntity): ShockContent {
  return {
    kind: shock.kind,
    level: shock.level,
    observed: shock.observed,
    lane: shock.lane,
    regions: shock.regions,
    onset: shock.onset,
    expires: shock.expires,
    headline: shock.headline,
    source: shock.source,
    policyVersion: shock.policyVersion,
    judgedOn: shock.judgedOn,
    damage: shock.damage,
    ...(shock.price === null ? {} : { price: shock.price }),
    ...(Object.keys(shock.facts).length === 0 ? {} : { facts: shock.facts }),
  };
}
