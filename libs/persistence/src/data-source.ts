import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

// bigint columns hold duty codes, revisions and fen: all below 2^53. A larger one would be a fault, so it fails loudly.
const safeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a safe integer`);
  return value;
};
// The typings list only the built-in scalars.
const INT8_ARRAY = 1016 as Parameters<typeof pg.types.setTypeParser>[0];
pg.types.setTypeParser(pg.types.builtins.INT8, safeInteger);
pg.types.setTypeParser(INT8_ARRAY, (text: string) =>
  text === '{}' ? [] : text.slice(1, -1).split(',').map(safeInteger),
);
// A date is a day, not an instant: keep its text.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface DataSourceSettings {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly entities?: DataSourceOptions['entities'];
  readonly poolSize?: number;
}

/** The operating system's own first look at a silent connection comes after two hours. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** A TypeORM data source over `pg`; the schema is never derived from entities, SQL migrations are the truth. */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url: settings.url,
    applicationName: settings.applicationName,
    entities: settings.entities ?? [],
    synchronize: false,
    migrationsRun: false,
    poolSize: settings.poolSize ?? 8,
    extra: { connectionTimeoutMillis: 5_000, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS },
    logging: false,
  });
}
