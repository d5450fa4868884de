import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { EnvReader } from './env-reader.js';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What every process needs, the gateway too. */
export interface CoreEnv {
  /** PORT; 0 takes a free one. */
  readonly port: number;
  /** HOST; 127.0.0.1 unless told otherwise, so that nothing is open to a network by accident. */
  readonly host: string;
  readonly redisUrl?: string | undefined;
  /** FANGPIN_JWKS_FILE: public keys of local tokens (issuer `fangpin-local`); read again when the file changes. */
  readonly jwksFile?: string | undefined;
  /** OIDC_ISSUER: an OpenID Connect issuer whose tokens are taken. */
  readonly oidcIssuer?: string | undefined;
  readonly logLevel: LogLevel;
}

/** What every service with a database and the bus needs. */
export interface BaseEnv extends CoreEnv {
  /** DATABASE_URL: the service's role, under row-level security. */
  readonly databaseUrl: string;
  /** WRITER_DATABASE_URL: the bulk writer's role; only services with set-based writers have one. */
  readonly writerDatabaseUrl?: string | undefined;
  readonly kafkaBrokers: readonly string[];
  /** FANGPIN_CELL_REGION: the area whose data this process holds; the scope of consumers and jobs. */
  readonly cellRegion: RegionCode;
  /** FANGPIN_TOPIC_PREFIX: in front of topics and groups, for tests that share a broker. */
  readonly topicPrefix: string;
  /** FANGPIN_POLICY_OVERLAY: a folder of policy records that come after the built-in ones. */
  readonly policyOverlay?: string | undefined;
}

/** Reads {@link CoreEnv} by a reader whose `done` the caller calls. */
export function coreEnvFrom(read: EnvReader, defaults: { readonly port?: number } = {}): CoreEnv {
  const env: CoreEnv = {
    port: read.integer('PORT', { default: defaults.port ?? 3000, max: 65_535 }),
    host: read.text('HOST', '127.0.0.1'),
    redisUrl: read.optionalUrl('REDIS_URL', ['redis', 'rediss']),
    jwksFile: read.optional('FANGPIN_JWKS_FILE'),
    oidcIssuer: read.optionalUrl('OIDC_ISSUER', ['https', 'http']),
    logLevel: read.oneOf('LOG_LEVEL', logLevels, 'info'),
  };
  if (env.jwksFile === undefined && env.oidcIssuer === undefined)
    read.complain('FANGPIN_JWKS_FILE or OIDC_ISSUER', 'must be set: without keys nobody can sign in');
  return env;
}

/** Reads {@link BaseEnv} by a reader whose `done` the caller calls, so that a service can add variables of its own. */
export function baseEnvFrom(read: EnvReader, defaults: { readonly port?: number } = {}): BaseEnv {
  return {
    ...coreEnvFrom(read, defaults),
    databaseUrl: read.url('DATABASE_URL', ['postgres', 'postgresql']),
    writerDatabaseUrl: read.optionalUrl('WRITER_DATABASE_URL', ['postgres', 'postgresql']),
    kafkaBrokers: read.list('KAFKA_BROKERS'),
    cellRegion: read.parsed('FANGPIN_CELL_REGION', '00', 'must be a region code', (text) => parseRegionCode(text)),
    topicPrefix: read.text('FANGPIN_TOPIC_PREFIX', ''),
    policyOverlay: read.optional('FANGPIN_POLICY_OVERLAY'),
  };
}

/** Reads and checks {@link BaseEnv}; throws once, naming every bad variable. */
export function readBaseEnv(source: NodeJS.ProcessEnv, defaults: { readonly port?: number } = {}): BaseEnv {
  const read = new EnvReader(source);
  const env = baseEnvFrom(read, defaults);
  read.done();
  return env;
}
