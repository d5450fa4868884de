/** Messages as rows: each is taken once, and a repeat finds what became of the first. */
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { CapMessage, Problem } from '../cap/cap-message.js';
import type { Statement } from '../shocks/chain.rule.js';
import { ShockEntity } from '../shocks/shock.entity.js';
import { ShockMessageEntity, type MessageOrigin, type StoredOutcome } from '../shocks/shock-message.entity.js';
import { readStatement, storeStatement } from '../shocks/stored-statement.js';
import type { IntakeAnswer } from './answer.js';
import type { Received } from './received.js';

export interface TakenMessage {
  readonly key: string;
  readonly origin: MessageOrigin;
  readonly digest: Buffer;
  readonly received: Received;
  readonly outcome: StoredOutcome;
  readonly problems: readonly Problem[];
  readonly shockId: string | null;
  readonly statement?: Statement;
  readonly said?: CapMessage;
  readonly raw?: Buffer;
}

@Injectable()
export class MessageStore {
  async find(tx: Tx, key: string): Promise<ShockMessageEntity | null> {
    return tx.manager.getRepository(ShockMessageEntity).findOneBy({ messageKey: key });
  }

  async add(tx: Tx, message: TakenMessage): Promise<ShockMessageEntity> {
    const repository = tx.manager.getRepository(ShockMessageEntity);
    return repository.save(
      repository.create({
        messageKey: message.key,
        origin: message.origin,
        digest: message.digest,
        receivedAt: message.received.at,
        receivedBy: message.received.by,
        asOf: message.received.asOf ?? null,
        outcome: message.outcome,
        problems: [...message.problems],
        shockId: message.shockId,
        statement: message.statement === undefined ? null : storeStatement(message.statement),
        said: message.said ?? null,
        raw: message.raw ?? null,
      }),
    );
  }

  /** Everything that was said of these shocks. */
  async statementsOf(tx: Tx, shockIds: readonly string[]): Promise<Statement[]> {
    if (shockIds.length === 0) return [];
    const rows = await tx.manager.getRepository(ShockMessageEntity).findBy({ shockId: In([...shockIds]) });
    return rows.flatMap(({ statement }) => (statement === null ? [] : [readStatement(statement)]));
  }

  /** The answer to a message that was taken before: the first one's shock as it is now. */
  async repeat(tx: Tx, known: ShockMessageEntity, digest: Buffer): Promise<IntakeAnswer> {
    const problems = [...known.problems];
    if (!known.digest.equals(digest))
      problems.push({
        code: 'MESSAGE.SAME_ID_OTHER_CONTENT',
        text: '同一标识、同一发布时间的消息内容不同，以先到者为准',
      });
    const shock =
      known.shockId === null
        ? null
        : await tx.manager.getRepository(ShockEntity).findOneByOrFail({ shockId: known.shockId });
    const waiting = known.outcome === 'quarantined' ? { quarantineId: String(known.messageId) } : {};
    return { shockId: shock?.shockId ?? null, outcome: 'duplicate', lane: shock?.lane ?? null, problems, ...waiting };
  }
}
