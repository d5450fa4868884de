/**
 * The database as simulations see it: few connections of their own, transactions that can write nothing, and an end to each of
 * them. However many simulations are asked for, the live lane keeps its connections.
 */
import { createDataSource, Database, type Scope, type Tx } from '@fangpin/persistence';

export interface ReadingPoolSettings {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Transactions at once; one more connection is kept for ending them. */
  readonly connections: number;
  /** After so long the server ends a statement. */
  readonly statementSeconds: number;
}

/** A client that stops reading must not hold a snapshot for ever. */
const IDLE_SECONDS = 30;

export class ReadingPool {
  private constructor(
    private readonly database: Database,
    private readonly statementSeconds: number,
  ) {}

  static async open({ url, name, connections, statementSeconds }: ReadingPoolSettings): Promise<ReadingPool> {
    const source = createDataSource({ url, applicationName: name, poolSize: connections + 1 });
    return new ReadingPool(new Database(await source.initialize()), statementSeconds);
  }

  /**
   * A read-only transaction: the server itself refuses to store anything. When the signal aborts, the server ends the statement
   * at once, so that rows that nobody wants are not read to their end.
   */
  read<T>(scope: Scope, signal: AbortSignal, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(scope, async (tx) => {
      signal.throwIfAborted();
      await tx.execute(
        `SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '${this.statementSeconds}s';
         SET LOCAL idle_in_transaction_session_timeout = '${IDLE_SECONDS}s'`,
      );
      const [backend] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      let cancelling: Promise<unknown> = Promise.resolve();
      const cancel = (): void => void (cancelling = this.cancel(backend?.pid, scope));
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await work(tx);
      } finally {
        signal.removeEventListener('abort', cancel);
        // Before the connection goes back: the next one on it must not be hit.
        await cancelling;
      }
    });
  }

  private async cancel(pid: number | undefined, scope: Scope): Promise<void> {
    await this.database
      .transaction(scope, (tx) => tx.query('SELECT pg_cancel_backend($1)', [pid]))
      // Then the statement goes on to its end, or to its timeout.
      .catch(() => undefined);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
