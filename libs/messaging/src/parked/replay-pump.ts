import type { Database, Scope, Tx } from '@fangpin/persistence';
import { backoffMs } from '../backoff.js';
import type { Log } from '../log.js';
import type { ConsumedEvent, EventHandler } from '../port.js';
import { consumedEvent } from '../runner/consumed-event.js';
import { describeFailure, isTransient } from '../runner/failures.js';
import { inSavepoint } from '../runner/savepoint.js';
import { waitLimits, type TransactionLimits } from '../runner/transaction-limits.js';
import { lockKeys } from './key-lock.js';

interface LetterRow {
  id: number;
  topic: string;
  key: string;
  event_key: string;
  partition_no: number;
  message_offset: number;
  payload: Buffer;
  headers: Record<string, string>;
}

/** A letter's turn has come: marked for replay, or waiting with nothing unresolved before it under its key. */
const DUE = `
  SELECT id, topic, key, event_key, partition_no, message_offset, payload, headers FROM parked_letters AS letter
   WHERE consumer = $1 AND topic = ANY($2::text[]) AND status IN ('replay', 'waiting')
     AND (topic <> ALL($3::text[]) OR NOT EXISTS (
       SELECT FROM parked_letters AS earlier
        WHERE earlier.consumer = letter.consumer AND earlier.topic = letter.topic AND earlier.id < letter.id
          AND earlier.key IN (letter.key, letter.event_key) AND earlier.status IN ('parked', 'waiting', 'replay')))`;

/** After a failure that passes, a letter rests so long, so that those behind it go on. */
const REST = { firstMs: 1_000, mostMs: 60_000 };

interface Resting {
  readonly failures: number;
  readonly untilMs: number;
}

/** Applies letters again that an operator has marked, in the service that owns the handlers, each in its own transaction. */
export class ReplayPump {
  readonly #handlers: ReadonlyMap<string, EventHandler>;
  readonly #facts: readonly string[];
  /** Letters that cannot be applied yet, by id; known to this instance only. */
  readonly #resting = new Map<number, Resting>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly scope: Scope,
    private readonly consumer: string,
    handlers: readonly EventHandler[],
    private readonly limits: TransactionLimits,
    private readonly log: Log,
  ) {
    this.#handlers = new Map(handlers.map((handler) => [handler.topic.name, handler]));
    this.#facts = handlers.filter(({ topic }) => topic.nature === 'fact').map(({ topic }) => topic.name);
  }

  start(everyMs: number): void {
    this.#timer = setTimeout(() => {
      this.#turn = this.#drain()
        .catch((error: unknown) => this.log.warn({ reason: describeFailure(error).code }, 'replay waits'))
        .then(() => (this.#stopped ? undefined : this.start(everyMs)));
    }, everyMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  /** Goes on as long as letters are due: each one may free the next of its key. One that cannot be applied yet is passed by. */
  async #drain(): Promise<void> {
    for (;;) {
      const due = await this.database.transaction(this.scope, (tx) =>
        tx.query<LetterRow>(`${DUE} AND id <> ALL($4::bigint[]) ORDER BY id LIMIT 100`, [
          this.consumer,
          [...this.#handlers.keys()],
          this.#facts,
          this.#passedBy(),
        ]),
      );
      if (due.length === 0) return;
      for (const letter of due) {
        if (this.#stopped) return;
        try {
          await this.database.transaction(this.scope, (tx) => this.#replay(tx, letter), waitLimits(this.limits));
          this.#resting.delete(letter.id);
        } catch (error) {
          this.#rest(letter, error);
        }
      }
    }
  }

  /** Letters that rest now. Of those that have rested long ago nothing is kept: they went through elsewhere, or were dropped. */
  #passedBy(): number[] {
    const now = performance.now();
    for (const [id, { untilMs }] of this.#resting) if (untilMs < now - 2 * REST.mostMs) this.#resting.delete(id);
    return [...this.#resting].filter(([, { untilMs }]) => untilMs > now).map(([id]) => id);
  }

  #rest({ id, key }: LetterRow, error: unknown): void {
    const failures = (this.#resting.get(id)?.failures ?? 0) + 1;
    this.#resting.set(id, { failures, untilMs: performance.now() + backoffMs(failures - 1, REST) });
    const { code } = describeFailure(error);
    this.log.warn(
      { consumer: this.consumer, letter: id, key, reason: code, failures },
      'a letter waits to be replayed',
    );
  }

  async #replay(tx: Tx, { id, topic, key, event_key: eventKey }: LetterRow): Promise<void> {
    const handler = this.#handlers.get(topic);
    if (!handler) return;
    await lockKeys(tx, this.consumer, handler.topic, [key, eventKey]);
    // Its turn may have passed while this waited for the lock.
    const [letter] = await tx.query<LetterRow>(`${DUE} AND id = $4 FOR UPDATE`, [
      this.consumer,
      [...this.#handlers.keys()],
      this.#facts,
      id,
    ]);
    if (!letter) return;
    try {
      await inSavepoint(tx, (within) => handler.handle([eventOf(handler, letter)], within));
      await tx.execute("UPDATE parked_letters SET status = 'replayed', resolved_at = clock_timestamp() WHERE id = $1", [
        id,
      ]);
      this.log.info({ consumer: this.consumer, letter: id, key }, 'a parked letter went through');
    } catch (error) {
      if (isTransient(error)) throw error;
      const { code, message } = describeFailure(error);
      await tx.execute(
        `UPDATE parked_letters SET status = 'parked', attempts = attempts + 1, error_code = $2, error_message = $3
          WHERE id = $1`,
        [id, code, message],
      );
      this.log.error({ consumer: this.consumer, letter: id, key, code }, 'a replayed letter failed again');
    }
  }
}

function eventOf(handler: EventHandler, letter: LetterRow): ConsumedEvent {
  const { partition_no: partition, event_key: key, headers } = letter;
  return consumedEvent(handler, { partition, offset: BigInt(letter.message_offset), key, headers }, letter.payload);
}
