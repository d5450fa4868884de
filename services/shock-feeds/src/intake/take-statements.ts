/**
 * Puts judged messages to their shocks, many at once: finds the chain of each, folds its state anew and stores message,
 * shock, revision and event in the caller's transaction. A thousand warnings take as many statements as one.
 */
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { foldChain, type ChainState } from '../shocks/chain.rule.js';
import { contentOf, ShockStore, type Change } from '../shocks/shock-store.js';
import type { ShockWrites } from '../shocks/shock-writes.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import type { ShockMessageEntity } from '../shocks/shock-message.entity.js';
import { observedEndsDueAt } from '../shocks/observed-life.rule.js';
import { shockIdOf } from '../shocks/shock-id.js';
import type { IntakeAnswer } from './answer.js';
import { Chains, type Chain } from './chains.js';
import { MessageStore, repeatOf } from './message-store.js';
import { bornOf, draftOf, outcomeOf, type PlacedOutcome } from './outcome.rule.js';
import type { StatementInHand } from './statement-in-hand.js';

export type { StatementInHand } from './statement-in-hand.js';

/** Of a message that stands: neither a repeat nor quarantined. */
export type PlacedAnswer = IntakeAnswer & { readonly shockId: string; readonly outcome: PlacedOutcome };

@Injectable()
export class TakeStatements {
  constructor(
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    private readonly policy: PolicySet,
  ) {}

  /**
   * In the order given; one answer each. A key that was taken before, also earlier in the same set, answers `duplicate`
   * with the shock as it is now, and changes nothing. `alsoLocked`: keys of messages beside these, held with them in one step.
   */
  async takeAll(
    tx: Tx,
    given: readonly StatementInHand[],
    alsoLocked: readonly string[] = [],
  ): Promise<IntakeAnswer[]> {
    const items = given.map((item) => this.#withLife(item));
    await this.shocks.lock(tx, [...items.flatMap(namesOf), ...alsoLocked]);
    const known = await this.messages.findAll(
      tx,
      items.map(({ statement }) => statement.key),
    );
    const fresh = items.filter(({ statement }) => !known.has(statement.key));
    const chains = await Chains.load(tx, this.shocks, this.messages, fresh, [...known.values()]);
    const writes = await this.shocks.writes(tx);
    const taken = new Map<string, { readonly item: StatementInHand; readonly answer: PlacedAnswer }>();
    const answers = items.map((item): (() => IntakeAnswer) => {
      const { key } = item.statement;
      const before = known.get(key);
      if (before !== undefined) return () => this.#repeat(before, item, chains);
      const first = taken.get(key);
      if (first !== undefined)
        return () => ({ ...first.answer, ...chains.now(first.answer.shockId), outcome: 'duplicate' });
      const answer = place(item, chains, writes);
      taken.set(key, { item, answer });
      return () => answer;
    });
    await writes.flush();
    await chains.flush(tx);
    await this.messages.addAll(
      tx,
      [...taken.values()].map(({ item, answer }) => ({
        key: item.statement.key,
        origin: item.origin,
        digest: item.digest,
        received: item.received,
        outcome: answer.outcome,
        problems: answer.problems,
        shockId: chains.now(answer.shockId).shockId,
        statement: item.statement,
        ...(item.basis === undefined ? {} : { basis: item.basis }),
      })),
    );
    return answers.map((answer) => answer());
  }

  /** Puts one judged message to its chain without a message row of its own: the caller has one (quarantine) or writes it. */
  async placeOne(tx: Tx, given: StatementInHand): Promise<PlacedAnswer> {
    const item = this.#withLife(given);
    await this.shocks.lock(tx, namesOf(item));
    const chains = await Chains.load(tx, this.shocks, this.messages, [item], []);
    const writes = await this.shocks.writes(tx);
    const answer = place(item, chains, writes);
    await writes.flush();
    await chains.flush(tx);
    return answer;
  }

  /** What has happened ends by policy, not by the hour that its message states. */
  #withLife(item: StatementInHand): StatementInHand {
    const { statement, received } = item;
    if (statement.content?.observed !== true) return item;
    return {
      ...item,
      statement: { ...statement, endsDueAt: observedEndsDueAt(statement.content, received.at, this.policy) },
    };
  }

  #repeat(before: ShockMessageEntity, item: StatementInHand, chains: Chains): IntakeAnswer {
    return repeatOf(before, item.digest, chains.shockOf(before.shockId));
  }
}

/** What a message is locked under. */
function namesOf({ statement }: StatementInHand): string[] {
  return [statement.key, statement.identity, ...statement.references, ...(statement.aliases ?? [])];
}

/** In memory: the chain's state with this statement added, as a change of its shock. */
function place(item: StatementInHand, chains: Chains, writes: ShockWrites): PlacedAnswer {
  const { statement, received } = item;
  const [owner, ...others] = chains.ownersOf(item);
  const earlier = [owner, ...others].flatMap((chain) => chain?.statements ?? []);
  const now = received.at;
  const before = foldChain(earlier, now);
  const after = foldChain([...earlier, statement], now);
  const { outcome, problems } = outcomeOf(item, earlier, before, after);
  const change: Change = {
    at: now,
    cause: outcome,
    publish: !item.recorded && (after.content?.regions.length ?? 0) > 0,
  };
  const draft = draftOf(item, after, owner?.shock);
  const shock =
    owner === undefined
      ? writes.create(bornOf(item, shockIdOf), draft, change)
      : writes.change(owner.shock, draft, change);
  const chain = chains.join(item, owner, shock);
  for (const other of others) chains.merge(other, chain, takenOver(other, chain, writes, now));
  return { shockId: shock.shockId, outcome, lane: shock.lane, problems };
}

/** One message refers to two chains: they were one event all along. */
function takenOver(other: Chain, into: Chain, writes: ShockWrites, at: Date): ShockEntity {
  const { shock } = other;
  return writes.change(
    shock,
    {
      content: contentOf(shock),
      state: shock.state === 'open' ? 'ended' : shock.state,
      endsDueAt: null,
      end: shock.state === 'open' ? { by: 'taken-over', at } : endKept(shock, at),
      cancelledBy: shock.cancelledBy,
      cancelReason: shock.cancelReason,
      mergedInto: into.shock.shockId,
    },
    { at, cause: 'ended', publish: false },
  );
}

function endKept(shock: ShockEntity, at: Date): NonNullable<ChainState['end']> {
  return { by: shock.endedBy ?? 'taken-over', at: shock.endedAt ?? at };
}
