/** Messages as rows: each is taken once, and a repeat finds what became of the first. */
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import type { CapMessage, Problem } from '../cap/cap-message.js';
import type { Statement } from '../shocks/chain.rule.js';
import { ShockEntity } from '../shocks/shock.entity.js';
import { ShockMessageEntity, type MessageOrigin, type StoredOutcome } from '../shocks/shock-message.entity.js';
import { readStatement, storeStatement, type StoredStatement } from '../shocks/stored-statement.js';
import type { IntakeAnswer } from './answer.js';
import type { Basis } from './basis.js';
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
  readonly basis?: Basis;
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
        basis: message.basis ?? null,
        said: message.said ?? null,
        raw: message.raw ?? null,
      }),
    );
  }

  /** Those of the keys that were taken before. */
  async findAll(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, ShockMessageEntity>> {
    if (keys.length === 0) return new Map();
    const rows = await tx.manager.getRepository(ShockMessageEntity).findBy({ messageKey: Any(keys) });
    return new Map(rows.map((row) => [row.messageKey, row]));
  }

  /** Many messages in one statement; those that keep their bytes go one by one through {@link add}. */
  async addAll(tx: Tx, messages: readonly Omit<TakenMessage, 'raw' | 'said'>[]): Promise<void> {
    if (messages.length === 0) return;
    const rows = messages.map(({ key, origin, digest, received, outcome, problems, shockId, statement, basis }) => ({
      message_key: key,
      origin,
      digest: `\\x${digest.toString('hex')}`,
      received_at: received.at,
      received_by: received.by,
      as_of: received.asOf ?? null,
      outcome,
      problems,
      shock_id: shockId,
      statement: statement === undefined ? null : storeStatement(statement),
      basis: basis ?? null,
    }));
    await tx.query(
      `INSERT INTO shock_messages (message_key, origin, digest, received_at, received_by, as_of, outcome, problems, shock_id, statement, basis)
       SELECT message_key, origin, digest, received_at, received_by, as_of, outcome, problems, shock_id, statement, basis
       FROM jsonb_to_recordset($1::jsonb) AS new (message_key text, origin text, digest bytea, received_at timestamptz,
         received_by text, as_of timestamptz, outcome text, problems jsonb, shock_id uuid, statement jsonb, basis jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  /** Everything that was said of these shocks, shock by shock. */
  async statementsByShock(tx: Tx, shockIds: readonly string[]): Promise<Map<string, Statement[]>> {
    const byShock = new Map<string, Statement[]>(shockIds.map((id) => [id, []]));
    if (shockIds.length === 0) return byShock;
    const rows = await tx.query<{ shock_id: string; statement: StoredStatement }>(
      'SELECT shock_id, statement FROM shock_messages WHERE shock_id = ANY ($1::uuid[]) AND statement IS NOT NULL',
      [shockIds],
    );
    for (const { shock_id, statement } of rows) byShock.get(shock_id)?.push(readStatement(statement));
    return byShock;
  }

  /** The answer to a message that was taken before: the first one's shock as it is now. */
  async repeat(tx: Tx, known: ShockMessageEntity, digest: Buffer): Promise<IntakeAnswer> {
    const shock =
      known.shockId === null
        ? null
        : await tx.manager.getRepository(ShockEntity).findOneByOrFail({ shockId: known.shockId });
    return repeatOf(known, digest, shock);
  }
}

/** The answer to a repeat of a message that belongs to `shock`, or waits in quarantine. */
export function repeatOf(known: ShockMessageEntity, digest: Buffer, shock: ShockEntity | null): IntakeAnswer {
  const problems = [...known.problems];
  if (!known.digest.equals(digest))
    problems.push({
      code: 'MESSAGE.SAME_ID_OTHER_CONTENT',
      text: '同一标识、同一发布时间的消息内容不同，以先到者为准',
    });
  const waiting = known.outcome === 'quarantined' ? { quarantineId: String(known.messageId) } : {};
  return { shockId: shock?.shockId ?? null, outcome: 'duplicate', lane: shock?.lane ?? null, problems, ...waiting };
}
