/**
 * The database as simulations see it: few connections of their own, transactions that can write nothing, and an end to each of
 * them. However many simulations are asked for, the live lane keeps its connections.
 */
import { createDataSource, Database, type Scope, type Tx } from '@fangpin/persistence';

export interface ReadingPoolSettings {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
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
    const source = createDataSource({ url, applicationName: name, poolSize: connections });
    return new ReadingPool(new Database(await source.initialize()), statementSeconds);
  }

  /** A read-only transaction: the server itself refuses to store anything. */
  read<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(scope, async (tx) => {
      await tx.execute(
        `SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '${this.statementSeconds}s';
         SET LOCAL idle_in_transaction_session_timeout = '${IDLE_SECONDS}s'`,
      );
      return work(tx);
    });
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
