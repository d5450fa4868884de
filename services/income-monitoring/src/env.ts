import { baseEnvFrom, EnvReader, type BaseEnv } from '@fangpin/service-kit';

export interface IncomeEnv extends BaseEnv {
  /** INCOME_MONTH_TURN_SECONDS: how often this process looks for households whose window has moved. */
  readonly monthTurnSeconds: number;
}

/** Reads the service's environment; throws once, naming every bad variable. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): IncomeEnv {
  const read = new EnvReader(source);
  const env: IncomeEnv = {
    ...baseEnvFrom(read, { port: 3102 }),
    monthTurnSeconds: read.integer('INCOME_MONTH_TURN_SECONDS', { default: 60, min: 1, max: 86_400 }),
  };
  read.done();
  return env;
}

export interface BulkLoadEnv {
  /** DATABASE_URL: the service's role, which publishes what was stored. */
  readonly databaseUrl: string;
  /** WRITER_DATABASE_URL: the bulk writer's role, which stores. */
  readonly writerDatabaseUrl: string;
  readonly kafkaBrokers: readonly string[];
  readonly topicPrefix: string;
}

/** What the bulk loader needs: it listens to nobody, so it takes no keys and no port. */
export function readBulkLoadEnv(source: NodeJS.ProcessEnv = process.env): BulkLoadEnv {
  const read = new EnvReader(source);
  const env: BulkLoadEnv = {
    databaseUrl: read.url('DATABASE_URL', ['postgres', 'postgresql']),
    writerDatabaseUrl: read.url('WRITER_DATABASE_URL', ['postgres', 'postgresql']),
    kafkaBrokers: read.list('KAFKA_BROKERS'),
    topicPrefix: read.text('FANGPIN_TOPIC_PREFIX', ''),
  };
  read.done();
  return env;
}
