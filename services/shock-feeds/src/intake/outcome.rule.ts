/** What a message did to its chain, and the state of the shock after it. Pure. */
import { shanghaiDay } from '@fangpin/domain-kit';
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../cap/cap-message.js';
import type { ChainState, Statement } from '../shocks/chain.rule.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import type { ShockContent } from '../shocks/shock.js';
import { contentOf, type ShockDraft } from '../shocks/shock-draft.js';
import type { NewShock } from '../shocks/shock-writes.js';
import type { StatementInHand } from './statement-in-hand.js';

export type PlacedOutcome = 'accepted' | 'updated' | 'cancelled' | 'recorded';

export function outcomeOf(
  { origin, statement, recorded, problems: noted, referredTimes }: StatementInHand,
  earlier: readonly Statement[],
  before: ChainState,
  after: ChainState,
): { readonly outcome: PlacedOutcome; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [...noted];
  const wrong = (referredTimes ?? []).filter(({ identity, sent }) => isOtherTime(identity, sent, earlier));
  if (wrong.length > 0)
    problems.push({ code: 'CAP.REFERENCE_TIME_DIFFERS', text: '引用中的发布时间与原消息不一致，以标识为准' });
  const outcome = ((): PlacedOutcome => {
    if (recorded) return 'recorded';
    if (statement.type === 'cancel') return 'cancelled';
    if (after.state === 'cancelled') {
      problems.push({ code: codeOf(origin, 'ALREADY_CANCELLED'), text: '该预警已被解除' });
      return 'cancelled';
    }
    if (before.content === undefined && statement.type !== 'lift') return 'accepted';
    if (statement.type !== 'lift' && isDeepStrictEqual(after.content, before.content))
      problems.push({ code: codeOf(origin, 'NOTHING_NEWER'), text: '同一预警已有更新的消息或内容未变' });
    return 'updated';
  })();
  return { outcome, problems };
}

/** Each feed has codes of its own, as its other remarks do. */
function codeOf(origin: StatementInHand['origin'], what: string): string {
  return `${origin.toUpperCase()}.${what}`;
}

/** The message of that name is known, and none under it was sent then. */
function isOtherTime(identity: string, sent: Date, earlier: readonly Statement[]): boolean {
  const named = earlier.filter((statement) => statement.identity === identity);
  return named.length > 0 && named.every((statement) => statement.sent.getTime() !== sent.getTime());
}

/** A chain begins with what its first message refers to, known here or not. */
export function bornOf({ statement, origin }: StatementInHand, idOf: (identity: string) => string): NewShock {
  const identity = statement.references[0] ?? statement.identity;
  return { shockId: idOf(identity), identity, origin };
}

export function draftOf(item: StatementInHand, after: ChainState, owner: ShockEntity | undefined): ShockDraft {
  const content = after.content ?? (owner === undefined ? bareEnd(item) : contentOf(owner));
  const byOfficer = owner?.cancelledBy === 'officer' && after.state === 'cancelled';
  return {
    content,
    state: after.state,
    endsDueAt: after.endsDueAt,
    ...(after.end === undefined ? {} : { end: after.end }),
    cancelledBy: after.state !== 'cancelled' ? null : byOfficer ? 'officer' : 'source',
    cancelReason: byOfficer ? owner.cancelReason : null,
  };
}

/** What stands in the place of an alert of which only the Cancel, or the lifting, is known yet. */
function bareEnd({ statement, origin }: StatementInHand): ShockContent {
  return {
    kind: 'other',
    level: 0,
    observed: false,
    lane: 'recorded',
    regions: [],
    onset: statement.sent,
    expires: null,
    headline: '解除（原预警未收到）',
    source: origin,
    policyVersion: '',
    judgedOn: shanghaiDay(statement.sent),
    damage: [],
  };
}
