/**
 * A `COPY … TO STDOUT` as a query of node-pg. The client takes the messages of the protocol apart and hands over each piece of
 * data as it lies in what the socket read: a hundred thousand rows go through without a copy and without a stream between.
 */
import type pg from 'pg';

/** So much comes in before the socket is asked to wait for `afterChunk`: as much as one read of it. */
const CHUNK_BYTES = 1 << 16;

/** What a query needs of node-pg's connection. */
type Connection = pg.Connection & {
  readonly stream: { pause(): unknown; resume(): unknown };
  sync(): void;
};

export class CopyOutQuery implements pg.Submittable {
  readonly #ended = Promise.withResolvers<void>();
  #failure: unknown;
  #failed = false;
  #bytes = 0;
  /** Resolves when the last `afterChunk` is over; undefined while none runs. */
  #pause: Promise<void> | undefined;

  constructor(
    private readonly text: string,
    private readonly onData: (chunk: Buffer) => void,
    private readonly afterChunk: (() => Promise<void>) | undefined,
  ) {}

  /** Ends when the server says so, also after a failure of ours: a connection must not be left in the middle of a COPY. */
  async ended(): Promise<void> {
    await this.#ended.promise;
    await this.#pause;
    if (this.#failed) throw this.#failure;
  }

  submit(connection: pg.Connection): void {
    (connection as unknown as { query(text: string): void }).query(this.text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }, connection: Connection): void {
    if (this.#failed) return;
    try {
      this.onData(chunk);
    } catch (error) {
      return this.#fail(error);
    }
    this.#bytes += chunk.length;
    // The client goes on through what the socket has read already; that is one read more at most.
    if (this.#bytes >= CHUNK_BYTES && this.#pause === undefined) this.#wait(connection);
  }

  #wait({ stream }: Connection): void {
    if (this.afterChunk === undefined) return;
    this.#bytes = 0;
    stream.pause();
    this.#pause = this.afterChunk()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#pause = undefined;
        stream.resume();
      });
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#failure = error;
  }

  handleError(error: unknown): void {
    this.#fail(error);
    this.#ended.resolve();
  }

  handleCommandComplete(): void {
    // The end is when the connection can take the next query.
  }

  handleReadyForQuery(): void {
    this.#ended.resolve();
  }
}
