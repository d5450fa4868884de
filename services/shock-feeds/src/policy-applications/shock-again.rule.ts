/**
 * A shock as another version of the policy finds it: what was said of it derived again and folded, as at its intake. How long it
 * lives is derived where its time alone decides; a shock that its source, an officer or the lists ended stays as it ended. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PolicySet } from '@fangpin/policy';
import { foldChain, type ChainState, type Statement } from '../shocks/chain.rule.js';
import { observedEndsDueAt } from '../shocks/observed-life.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { contentOf, rowOf, type ShockDraft } from '../shocks/shock-draft.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import { endAgain, type Derivation, type DerivedPart } from './derive-again.rule.js';
import type { Said } from './said-of-shocks.js';
import { statementsAgain } from './statements-again.rule.js';
import { shockUnderPresentPolicy } from './under-present-policy.rule.js';

export interface ShockAgain {
  readonly draft: ShockDraft;
  /** All that was said of it, derived by the version: a later message must find its chain as the shock stands. */
  readonly statements: readonly Statement[];
  readonly notDerived: ReadonlySet<DerivedPart>;
}

type Life = Pick<ShockDraft, 'state' | 'endsDueAt' | 'end' | 'cancelledBy' | 'cancelReason' | 'mergedInto'>;

export function shockAgain(
  shock: ShockEntity,
  said: readonly Said[],
  at: Date,
  context: Omit<Derivation, 'ends'>,
): ShockAgain {
  const ends = livesByItsTime(shock);
  const { statements, notDerived } = statementsAgain(said, { ...context, ends });
  const before = foldChain(
    said.flatMap(({ statement }) => statement ?? []),
    at,
  );
  const after = foldChain(statements, at);
  const draft =
    after.content !== undefined && isStateOf(before.content, shock)
      ? { ...(ends ? lifeOf(after, shock) : lifeKept(shock)), content: after.content }
      : reportAgain(shock, said, statements, at, { policy: context.policy, ends });
  return { draft, statements, notDerived };
}

/** What the lists of warnings in force have ended is over, however long its kind lives. */
function livesByItsTime({ state, endedBy, origin }: ShockEntity): boolean {
  return state === 'open' || (state === 'ended' && endedBy === 'expiry' && origin !== 'snapshot');
}

/** A report has no statement: there the shock itself is what was said last. */
function isStateOf(content: ShockContent | undefined, shock: ShockEntity): boolean {
  if (content === undefined) return false;
  const facts = (of: ShockContent) => rowOf({ content: of, state: 'open', endsDueAt: null });
  // Its lane may have been another's, and its version is what is asked about.
  const { lane, policyVersion } = shock;
  return isDeepStrictEqual(facts({ ...content, lane, policyVersion }), facts(contentOf(shock)));
}

function lifeKept(shock: ShockEntity): Life {
  const { state, endsDueAt, endedBy, endedAt, cancelledBy, cancelReason, mergedInto } = shock;
  return {
    state,
    endsDueAt,
    ...(endedBy === null || endedAt === null ? {} : { end: { by: endedBy, at: endedAt } }),
    cancelledBy,
    cancelReason,
    mergedInto,
  };
}

function lifeOf({ state, endsDueAt, end }: ChainState, shock: ShockEntity): Life {
  if (state === 'cancelled') return lifeKept(shock);
  return { state, endsDueAt, ...(end === undefined ? {} : { end }) };
}

function reportAgain(
  shock: ShockEntity,
  said: readonly Said[],
  statements: readonly Statement[],
  at: Date,
  { policy, ends }: { readonly policy: PolicySet; readonly ends: boolean },
): ShockDraft {
  const own = contentOf(shock);
  const last = said.findLast(({ origin, statement }) => origin === 'report' && statement === undefined);
  const expiry = ends ? last?.basis.expiry : undefined;
  const dated = expiry === undefined ? own : endAgain(own, expiry, policy);
  const content = shockUnderPresentPolicy(dated, statements, policy);
  if (!ends || last === undefined) return { ...lifeKept(shock), content };
  const later = (content.expires?.getTime() ?? 0) - (own.expires?.getTime() ?? 0);
  const shifted = shock.endsDueAt && new Date(shock.endsDueAt.getTime() + later);
  const due = content.observed ? (observedEndsDueAt(content, last.heardAt, policy) ?? shock.endsDueAt) : shifted;
  if (due === null) return { ...lifeKept(shock), content };
  if (due > at) return { state: 'open', endsDueAt: due, content };
  const over = (content.observed ? null : content.expires) ?? due;
  return { state: 'ended', endsDueAt: due, end: { by: 'expiry', at: over }, content };
}
