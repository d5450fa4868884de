import { coreEnvFrom, EnvReader, type CoreEnv } from '@fangpin/service-kit';
import { upstreams, urlVariableOf, type Upstream } from './routing/route-table.js';

export interface GatewayEnv extends CoreEnv {
  readonly redisUrl: string;
  /** Base URL of each service: `RISK_ALERTS_URL` and its like. */
  readonly serviceUrls: Readonly<Record<Upstream, string>>;
  /** FANGPIN_LIMIT_SUBJECT_PER_MINUTE: requests that one signed-in account may make. */
  readonly subjectPerMinute: number;
  /** FANGPIN_LIMIT_ADDRESS_PER_MINUTE: requests without a valid token that one address may make. */
  readonly addressPerMinute: number;
  /** FANGPIN_GATEWAY_BODY_LIMIT_BYTES: largest body that is passed on; each service has a limit of its own below it. */
  readonly bodyLimitBytes: number;
}

const DEFAULT_PORT = 3100;
// Far above what people and the demo do; a department's client that loops is stopped, a load test is not.
const SUBJECT_PER_MINUTE = 30_000;
const ADDRESS_PER_MINUTE = 120;
// A national warning list may have 16 MiB (surface.md); the services tell the exact limit.
const BODY_LIMIT_BYTES = 17 * 1_048_576;

/** Reads and checks the environment; throws once, naming every bad variable. */
export function readGatewayEnv(source: NodeJS.ProcessEnv = process.env): GatewayEnv {
  const read = new EnvReader(source);
  const env: GatewayEnv = {
    ...coreEnvFrom(read, { port: DEFAULT_PORT }),
    redisUrl: read.url('REDIS_URL', ['redis', 'rediss']),
    serviceUrls: Object.fromEntries(
      upstreams.map((service) => [service, read.url(urlVariableOf(service), ['http', 'https'])]),
    ) as Record<Upstream, string>,
    subjectPerMinute: read.integer('FANGPIN_LIMIT_SUBJECT_PER_MINUTE', { default: SUBJECT_PER_MINUTE, min: 1 }),
    addressPerMinute: read.integer('FANGPIN_LIMIT_ADDRESS_PER_MINUTE', { default: ADDRESS_PER_MINUTE, min: 1 }),
    bodyLimitBytes: read.integer('FANGPIN_GATEWAY_BODY_LIMIT_BYTES', { default: BODY_LIMIT_BYTES, min: 1_024 }),
  };
  read.done();
  return env;
}
