import type { Topic } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { Log } from '../log.js';
import { ConsumerHalted, describeFailure } from '../runner/failures.js';

/** What parks: a message, or the part of one that fails, with the bytes to try again. */
export interface Letter {
  readonly topic: Topic;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly eventKey: string;
  readonly payload: Uint8Array;
  readonly decodable: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Of a letter that holds back what comes after it; as the index of just these has it. */
export const UNRESOLVED = `status IN ('parked', 'waiting', 'replay')`;

/** The letters of one consumer. */
export class ParkingLot {
  constructor(
    readonly consumer: string,
    private readonly mostAMinute: number,
    private readonly log: Log,
  ) {}

  /** Keys of the topic with unresolved letters. */
  async unresolvedKeys(tx: Tx, topic: Topic): Promise<Set<string>> {
    const rows = await tx.query<{ key: string }>(
      `SELECT DISTINCT key FROM parked_letters WHERE consumer = $1 AND topic = $2 AND ${UNRESOLVED}`,
      [this.consumer, topic.name],
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** Parks what failed; halts the consumer when too much does within a minute, because then the fault is not in the data. */
  async park(tx: Tx, letter: Letter, error: unknown): Promise<void> {
    const failure = describeFailure(error);
    await this.#insert(tx, letter, 'parked', failure);
    const { topic, partition, offset, key } = letter;
    this.log.error(
      { consumer: this.consumer, topic: topic.name, partition, offset: Number(offset), key, code: failure.code },
      'an event could not be applied and is parked',
    );
    const [count] = await tx.query<{ parked: number }>(
      `SELECT count(*)::int AS parked FROM parked_letters
        WHERE consumer = $1 AND error_code IS NOT NULL AND parked_at > clock_timestamp() - interval '1 minute'`,
      [this.consumer],
    );
    if ((count?.parked ?? 0) > this.mostAMinute)
      throw new ConsumerHalted(
        `more than ${this.mostAMinute} letters were parked within a minute, last ${failure.code}`,
      );
  }

  /** Puts a letter behind an earlier one of its key. */
  async wait(tx: Tx, letter: Letter): Promise<void> {
    await this.#insert(tx, letter, 'waiting', undefined);
  }

  async #insert(
    tx: Tx,
    letter: Letter,
    status: 'parked' | 'waiting',
    failure: { code: string; message: string } | undefined,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO parked_letters (consumer, topic, partition_no, message_offset, key, event_key, status, decodable,
                                   payload, headers, error_code, error_message, attempts)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        this.consumer,
        letter.topic.name,
        letter.partition,
        String(letter.offset),
        letter.key,
        letter.eventKey,
        status,
        letter.decodable,
        Buffer.from(letter.payload),
        JSON.stringify(letter.headers),
        failure?.code ?? null,
        failure?.message ?? null,
        failure ? 1 : 0,
      ],
    );
  }
}
