import { createHash } from 'node:crypto';
import { bulkWriters, type ServiceName } from './services.ts';

/** The URLs of a service's database, by role. */
export interface DatabaseUrls {
  appUrl: string;
  writerUrl: string;
}

export interface EnvironmentFacts {
  service: ServiceName;
  port: number;
  /** Undefined for a service without tables. */
  database: DatabaseUrls | undefined;
  kafkaBrokers: string;
  redisUrl: string;
  jwksFile: string;
  /** For hashing ID numbers; given only to those that match people. */
  identityKey: string;
  /** Whether the bulk writer's role is given whatever the service: jobs that fill a database write in bulk. */
  bulk?: boolean;
  /** Base URLs of the other services, for the gateway. */
  serviceUrls: Partial<Record<ServiceName, string>>;
  /** The caller's own environment; only what is harmless is passed on. */
  inherited: NodeJS.ProcessEnv;
  extra?: Readonly<Record<string, string>>;
}

/** A local stack is one cell for the whole country. */
const LOCAL_CELL = '00';

/** What every program gets from the shell that starts it. */
const SURROUNDINGS = /^(PATH|HOME|LANG|LC_ALL|TZ|TMPDIR)$/;

/**
 * `FANGPIN_TEST_…` belongs to the test runner; a service that saw it might use the wrong servers. The identity key is handed
 * out by name.
 */
const SETTINGS = /^(LOG_LEVEL|OIDC_ISSUER|FANGPIN_(?!TEST_|IDENTITY_KEY$).+)$/;

/** With the key, whoever reads the identity topic can tell who is in the register: two need it, the others must not have it. */
const KNOW_IDENTITIES: readonly ServiceName[] = ['household-registry', 'intake'];

/** `risk-alerts` → `RISK_ALERTS_URL`. */
export function urlVariable(service: ServiceName): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`;
}

/**
 * The environment of one service process. It is built up from nothing, so that the superuser's DATABASE_URL of the
 * caller never reaches a service: each gets its own role.
 */
export function environmentOf(facts: EnvironmentFacts): Record<string, string> {
  const { service, database } = facts;
  const inherited = Object.entries(facts.inherited).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (SURROUNDINGS.test(entry[0]) || SETTINGS.test(entry[0])),
  );
  const others =
    service === 'gateway'
      ? Object.entries(facts.serviceUrls)
          .filter(([name]) => name !== 'gateway')
          .map(([name, url]): [string, string] => [urlVariable(name as ServiceName), url])
      : [];
  return {
    ...Object.fromEntries(inherited),
    PORT: String(facts.port),
    KAFKA_BROKERS: facts.kafkaBrokers,
    REDIS_URL: facts.redisUrl,
    FANGPIN_JWKS_FILE: facts.jwksFile,
    FANGPIN_CELL_REGION: LOCAL_CELL,
    ...(database && { DATABASE_URL: database.appUrl }),
    ...(database && (facts.bulk || bulkWriters.includes(service)) && { WRITER_DATABASE_URL: database.writerUrl }),
    ...(KNOW_IDENTITIES.includes(service) && {
      FANGPIN_IDENTITY_KEY: facts.inherited['FANGPIN_IDENTITY_KEY'] || facts.identityKey,
    }),
    ...Object.fromEntries(others),
    ...facts.extra,
  };
}

/**
 * Names the code, the settings and the policy records (policy-read.ts) a process runs with; while it stays the same there is no reason to
 * start it anew. The surroundings do not count: another shell with another PATH must not restart a stack.
 */
export function launchKeyOf(environment: Readonly<Record<string, string>>, build: string, policy = ''): string {
  const settings = Object.entries(environment)
    .filter(([name]) => !SURROUNDINGS.test(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([settings, build, policy]))
    .digest('hex');
}
