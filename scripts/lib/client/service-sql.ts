import { databaseName, urlFor } from '@fangpin/persistence';
import pg from 'pg';
import type { ServiceName } from '../stack/services.ts';

/** A superuser's queries on the services' databases: what truly is there, whatever the services say. */
export interface ServiceSql {
  sql<Row extends pg.QueryResultRow>(service: ServiceName, text: string, values?: unknown[]): Promise<Row[]>;
}

/** Connects to a service's database when it is first asked. Bears a server that restarts between two queries. */
export function openServiceSql(databaseUrl: string): ServiceSql & { close(): Promise<void> } {
  const pools = new Map<ServiceName, pg.Pool>();
  const poolOf = (service: ServiceName): pg.Pool => {
    const known = pools.get(service);
    if (known) return known;
    const pool = new pg.Pool({ connectionString: urlFor(databaseUrl, databaseName(service)), max: 2 });
    // Who asks may restart the database: what was idle then is of no use, and no failure.
    pool.on('error', () => undefined);
    pools.set(service, pool);
    return pool;
  };
  return {
    sql: async (service, text, values) => (await poolOf(service).query(text, values)).rows,
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}
