import type { Socket } from 'node:net';
import type pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { beginUnder, type LocalSettings } from './begin.js';
import type { Scope } from './scope.js';
import type { Statement } from './statement.js';

/** One transaction under one scope. Statements on it run one after the other; never start two at once (architecture §12). */
export interface Tx {
  readonly scope: Scope;
  /** TypeORM's manager bound to this transaction. */
  readonly manager: EntityManager;
  /** The raw client, for COPY streams. */
  readonly client: pg.ClientBase;
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string | Statement,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /** Number of rows that a statement changed. */
  execute(sql: string | Statement, values?: readonly unknown[]): Promise<number>;
  /** Runs once the transaction is committed; never when it is rolled back. */
  afterCommit(work: () => void): void;
}

/** Transactions on one database, each under a named scope. */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /**
   * `settings` hold for this transaction only. Where `signal` aborts, the connection is cut: a server whose host is gone says nothing,
   * and would be waited for without end.
   */
  async transaction<T>(
    scope: Scope,
    work: (tx: Tx) => Promise<T>,
    settings?: LocalSettings,
    signal?: AbortSignal,
  ): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const committed: (() => void)[] = [];
    let result: T;
    try {
      const client = (await runner.connect()) as pg.ClientBase;
      const cut = (): void => cutOff(client);
      signal?.addEventListener('abort', cut);
      try {
        signal?.throwIfAborted();
        await client.query(beginUnder(scope, settings));
        // TypeORM has not begun it, and must neither begin nor commit one of its own within.
        Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
        result = await work({
          scope,
          manager: runner.manager,
          client,
          query: async (sql, values) => (await client.query(queryOf(sql, values))).rows as never,
          execute: async (sql, values) => (await client.query(queryOf(sql, values))).rowCount ?? 0,
          afterCommit: (callback) => void committed.push(callback),
        });
        await client.query('COMMIT');
      } catch (error) {
        // The connection may be gone already; the first error is the one that tells.
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      } finally {
        signal?.removeEventListener('abort', cut);
      }
    } finally {
      await runner.release().catch(() => undefined);
    }
    for (const callback of committed) callback();
    return result;
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** The statement under way fails as where the server had closed the connection; the pool opens another one. */
function cutOff(client: pg.ClientBase): void {
  // The typings leave it out.
  const { connection } = client as unknown as { readonly connection: { readonly stream: Socket } };
  connection.stream.destroy();
}

function queryOf(sql: string | Statement, values: readonly unknown[] | undefined): pg.QueryConfig {
  const { name, text } = typeof sql === 'string' ? { name: undefined, text: sql } : sql;
  return { text, ...(name !== undefined && { name }), ...(values !== undefined && { values: values as unknown[] }) };
}

const TRANSIENT_SQLSTATES = /^(08|53|57P|40001|40P01|55P03)/;
const TRANSIENT_SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether an error passes by itself (database away, deadlock, cut connection): wait and repeat, never park. */
export function isTransientDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as Error & { code?: string; driverError?: unknown };
  if (code !== undefined && (TRANSIENT_SQLSTATES.test(code) || TRANSIENT_SOCKET.has(code))) return true;
  if (driverError !== undefined && driverError !== error && isTransientDatabaseError(driverError)) return true;
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client was closed/i.test(
    error.message,
  );
}
