/** What an officer says of a shock: in its chain it counts like the source's own word, whatever order later messages come in. */
import type { Tx } from '@fangpin/persistence';
import type { Caller } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { MessageStore, type TakenMessage } from '../intake/message-store.js';
import { digestOf } from '../intake/received.js';
import { assertWhole } from './assert-whole.js';
import type { Statement } from './chain.rule.js';
import { contentOf, ShockStore, type Change, type ShockDraft } from './shock-store.js';
import type { ShockEntity } from './shock.entity.js';

export interface OfficersWord {
  readonly type: Extract<Statement['type'], 'cancel' | 'lift'>;
  readonly reason: string;
  readonly caller: Caller;
  readonly at: Date;
  /** The shock after it, its content apart. */
  readonly state: Omit<ShockDraft, 'content' | 'endsDueAt'>;
  readonly cause: Change['cause'];
  readonly outcome: TakenMessage['outcome'];
  readonly problems: TakenMessage['problems'];
}

@Injectable()
export class SayForOfficer {
  constructor(
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
  ) {}

  /** The caller holds the shock's row. 403 where the shock reaches beyond the officer's area. */
  async say(tx: Tx, shock: ShockEntity, word: OfficersWord): Promise<ShockEntity> {
    const { type, reason, caller, at, state, cause, outcome, problems } = word;
    assertWhole(caller, shock);
    const key = `officer:${shock.shockId}:${shock.revision}`;
    const changed = await this.shocks.change(
      tx,
      shock,
      { ...state, content: contentOf(shock), endsDueAt: shock.endsDueAt },
      { at, cause, publish: false },
    );
    await this.messages.add(tx, {
      key,
      origin: 'officer',
      digest: digestOf(reason),
      received: { at, by: `${caller.role}/${caller.subject}` },
      outcome,
      problems,
      shockId: changed.shockId,
      statement: { key, identity: key, type, sent: at, references: [], endsDueAt: null },
    });
    return changed;
  }
}
