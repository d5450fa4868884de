import { baseEnvFrom, EnvReader, identityKeyFrom, type BaseEnv, type IdentityKey } from '@fangpin/service-kit';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';

const DEFAULT_PORT = 3101;

export interface RegistryEnv extends BaseEnv {
  /** FANGPIN_IDENTITY_KEY: the key under which ID numbers are hashed; intake's too. */
  readonly identityKey: IdentityKey;
}

/** This service's variables. Throws once, naming every bad one. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): RegistryEnv {
  const read = new EnvReader(source);
  const env: RegistryEnv = { ...baseEnvFrom(read, { port: DEFAULT_PORT }), identityKey: identityKeyFrom(read) };
  read.done();
  return env;
}

export interface BulkLoadEnv {
  /** DATABASE_URL: the service's role, which marks what is published. */
  readonly databaseUrl: string;
  /** WRITER_DATABASE_URL: the bulk writer's role, which stores. */
  readonly writerDatabaseUrl: string;
  readonly kafkaBrokers: readonly string[];
  readonly topicPrefix: string;
  readonly cellRegion: RegionCode;
  readonly identityKey: IdentityKey;
}

/** What the bulk load needs: it answers nobody over HTTP, so it takes no port and no keys. */
export function readBulkLoadEnv(source: NodeJS.ProcessEnv = process.env): BulkLoadEnv {
  const read = new EnvReader(source);
  const env: BulkLoadEnv = {
    databaseUrl: read.url('DATABASE_URL', ['postgres', 'postgresql']),
    writerDatabaseUrl: read.url('WRITER_DATABASE_URL', ['postgres', 'postgresql']),
    kafkaBrokers: read.list('KAFKA_BROKERS'),
    topicPrefix: read.text('FANGPIN_TOPIC_PREFIX', ''),
    cellRegion: read.parsed('FANGPIN_CELL_REGION', '00', 'must be a region code', (text) => parseRegionCode(text)),
    identityKey: identityKeyFrom(read),
  };
  read.done();
  return env;
}
