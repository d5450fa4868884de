/** Puts one judged CAP message to its chain: finds or opens the shock, recomputes its state, stores all in one transaction. */
import { shanghaiDay } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { IntakeAnswer, Outcome } from '../intake/answer.js';
import { clip } from '../intake/clip.js';
import { boundedKey, dueByClock, type Received } from '../intake/received.js';
import { foldChain, type ChainState, type Statement } from '../shocks/chain.rule.js';
import { MessageStore } from '../intake/message-store.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import type { ShockContent } from '../shocks/shock.js';
import { shockIdOf } from '../shocks/shock-id.js';
import { contentOf, ShockStore, type Change, type ShockDraft } from '../shocks/shock-store.js';
import type { CapMessage, Problem } from './cap-message.js';
import type { CapVerdict } from './judge-cap.rule.js';

/** A verdict that is not quarantine, with the message's own time. */
export type StandingVerdict = CapVerdict & { readonly verdict: 'taken' | 'recorded'; readonly sent: Date };

export interface JudgedCap {
  readonly message: CapMessage;
  readonly verdict: StandingVerdict;
  readonly key: string;
  readonly received: Received;
}

export interface Placed {
  readonly answer: IntakeAnswer & {
    readonly shockId: string;
    readonly outcome: Exclude<Outcome, 'duplicate' | 'quarantined'>;
  };
  readonly statement: Statement;
}

const MAX_REFERENCES = 200;

@Injectable()
export class TakeCapStatement {
  constructor(
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
  ) {}

  /** The caller stores the message row with the statement answered, in the same transaction. */
  async place(tx: Tx, judged: JudgedCap): Promise<Placed> {
    const statement = statementOf(judged);
    const identities = [statement.identity, ...statement.references];
    await this.shocks.lock(tx, identities);
    const [owner, ...others] = await this.#ownersOf(tx, identities);
    const earlier = await this.messages.statementsOf(
      tx,
      [owner, ...others].flatMap((shock) => (shock === undefined ? [] : [shock.shockId])),
    );
    const now = judged.received.at;
    const before = foldChain(earlier, now);
    const after = foldChain([...earlier, statement], now);
    const { outcome, problems } = outcomeOf(judged, before, after);
    const change: Change = {
      at: now,
      cause: outcome,
      publish: judged.verdict.verdict === 'taken' && (after.content?.regions.length ?? 0) > 0,
    };
    const draft = draftOf(judged, after, owner);
    const root = statement.references[0] ?? statement.identity;
    const shock =
      owner === undefined
        ? await this.shocks.create(tx, { shockId: shockIdOf(root), identity: root, origin: 'cap' }, draft, change)
        : await this.shocks.change(tx, owner, draft, change);
    for (const other of others) await this.#merge(tx, other, shock, now);
    await tx.query(
      'INSERT INTO shock_identities (identity, shock_id) SELECT unnest($1::text[]), $2 ON CONFLICT (identity) DO NOTHING',
      [identities, shock.shockId],
    );
    return { statement, answer: { shockId: shock.shockId, outcome, lane: shock.lane, problems } };
  }

  /** The shocks that the identities belong to, locked, the oldest first. */
  async #ownersOf(tx: Tx, identities: readonly string[]): Promise<ShockEntity[]> {
    const rows = await tx.query<{ shock_id: string }>(
      `SELECT DISTINCT shock_id, shock_no FROM shock_identities JOIN shocks USING (shock_id)
       WHERE shock_identities.identity = ANY ($1::text[]) ORDER BY shock_no`,
      [identities],
    );
    const owners = new Map<string, ShockEntity>();
    for (const row of rows) {
      const shock = await this.shocks.getForUpdate(tx, row.shock_id);
      owners.set(shock.shockId, shock);
    }
    return [...owners.values()];
  }

  /** One message refers to two chains: they were one event all along. */
  async #merge(tx: Tx, other: ShockEntity, into: ShockEntity, at: Date): Promise<void> {
    const moved = [other.shockId, into.shockId];
    await tx.query('UPDATE shock_identities SET shock_id = $2 WHERE shock_id = $1', moved);
    await tx.query('UPDATE shock_messages SET shock_id = $2 WHERE shock_id = $1', moved);
    await this.shocks.change(
      tx,
      other,
      {
        content: contentOf(other),
        state: other.state === 'open' ? 'ended' : other.state,
        endsDueAt: null,
        cancelledBy: other.cancelledBy,
        cancelReason: other.cancelReason,
        mergedInto: into.shockId,
      },
      { at, cause: 'ended', publish: false },
    );
  }
}

function statementOf({ message, verdict, key, received }: JudgedCap): Statement {
  const space = verdict.apart ? 'cap-apart' : 'cap';
  const identity = boundedKey(`${space}:${message.sender},${message.identifier}`);
  const references = message.references
    .slice(0, MAX_REFERENCES)
    .map((reference) => boundedKey(`${space}:${reference.sender},${reference.identifier}`))
    .filter((reference) => reference !== identity);
  return {
    key,
    identity,
    type: verdict.type,
    sent: verdict.sent,
    references: [...new Set(references)],
    ...(verdict.content === undefined ? {} : { content: verdict.content }),
    endsDueAt: dueByClock(received, verdict.content?.expires ?? null),
  };
}

function outcomeOf({ message, verdict }: JudgedCap, before: ChainState, after: ChainState) {
  const problems: Problem[] = [...verdict.problems];
  const self = message.references.some(
    (reference) => reference.sender === message.sender && reference.identifier === message.identifier,
  );
  if (self) problems.push({ code: 'CAP.SELF_REFERENCE', text: '消息引用了自身，已忽略' });
  if (verdict.type !== 'alert' && message.references.length === 0)
    problems.push({ code: 'CAP.NO_REFERENCE', text: '更新或解除没有引用任何消息，按首发消息处理' });
  const outcome = ((): 'accepted' | 'updated' | 'cancelled' | 'recorded' => {
    if (verdict.verdict === 'recorded') return 'recorded';
    if (verdict.type === 'cancel') return 'cancelled';
    if (after.state === 'cancelled') {
      problems.push({ code: 'CAP.ALREADY_CANCELLED', text: '该预警已被解除' });
      return 'cancelled';
    }
    if (before.content === undefined) return 'accepted';
    if (
      after.content?.headline === before.content.headline &&
      after.endsDueAt?.getTime() === before.endsDueAt?.getTime()
    )
      problems.push({ code: 'CAP.NOTHING_NEWER', text: '同一预警已有更新的消息或内容未变' });
    return 'updated';
  })();
  return { outcome, problems };
}

function draftOf({ message, verdict }: JudgedCap, after: ChainState, owner: ShockEntity | undefined): ShockDraft {
  const content = after.content ?? (owner === undefined ? bareCancel(message, verdict) : contentOf(owner));
  const byOfficer = owner?.cancelledBy === 'officer' && after.state === 'cancelled';
  return {
    content,
    state: after.state,
    endsDueAt: after.endsDueAt,
    cancelledBy: after.state !== 'cancelled' ? null : byOfficer ? 'officer' : 'source',
    cancelReason: byOfficer ? owner.cancelReason : null,
  };
}

/** What stands in the place of an alert of which only the Cancel is known yet. */
function bareCancel(message: CapMessage, { sent }: StandingVerdict): ShockContent {
  return {
    kind: 'other',
    level: 0,
    observed: false,
    lane: 'recorded',
    regions: [],
    onset: sent,
    expires: null,
    headline: '解除（原预警未收到）',
    source: clip(message.sender, 200),
    policyVersion: '',
    judgedOn: shanghaiDay(sent),
    damage: [],
  };
}
