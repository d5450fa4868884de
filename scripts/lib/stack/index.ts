import { join } from 'node:path';
import { builtFingerprint } from '../build.ts';
import { ensureIdentityKey, ensureLocalKeys, signToken, type TokenClaims } from '../local-keys.ts';
import type { Servers } from '../servers/index.ts';
import { launchDetached, waitUntilReady } from '../servers/launch.ts';
import { freePorts, requireFreePort } from '../servers/ports.ts';
import { isRunning, signal, stopProcess, waitForEnd } from '../servers/process-table.ts';
import { environmentOf, launchKeyOf, type EnvironmentFacts } from './environment.ts';
import { policyReadBy } from './policy-read.ts';
import { prepare, type PreparedDatabases } from './prepare.ts';
import { entryOf, serviceNames, upServicePorts, type ServiceName } from './services.ts';
import {
  readStackState,
  removeStackState,
  writeStackState,
  type ServiceProcess,
  type StackState,
} from './stack-state.ts';

export { serviceNames, upServicePorts, type ServiceName } from './services.ts';

const READY_WITHIN_MS = 120_000;
/** A service works in streams and bounded batches: a heap that grows past this is a fault. */
const HEAP_MIB = 384;
const NODE_FLAGS = [
  '--enable-source-maps',
  '--disable-warning=TimeoutNegativeWarning',
  `--max-old-space-size=${HEAP_MIB}`,
  // Measured in the fan-out benchmark: every process stays under 300 MiB, for about a fifth more time than with the default,
  // under which risk-alerts came to 505 MiB.
  '--max-semi-space-size=32',
  // The old generation may double between collections: under the small heap above it otherwise collects several times a second
  // during a fan-out, a quarter of the processor time of risk-alerts.
  '--heap-growing-percent=100',
];
const STOP_PATIENCE_MS = 20_000;

export interface StackOptions {
  /** Where state, keys and `logs/<service>.log` live. One folder, one stack. */
  dir: string;
  servers: Pick<Servers, 'databaseUrl' | 'kafkaBrokers' | 'redisUrl'>;
  /** The fixed ports of `npm run up`, or free ones (the default). */
  ports?: 'up' | 'free';
  /** The services wanted; all by default. */
  only?: readonly ServiceName[];
  /** How many processes of a service; one by default. */
  instances?: Partial<Record<ServiceName, number>>;
  /** Variables beside those every service gets. */
  extraEnvironment?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
  say?: (line: string) => void;
}

/** A running set of services. Instances count from 1. */
export interface Stack {
  /** Base URL of the gateway. */
  gateway: string;
  url(service: ServiceName, instance?: number): string;
  databases: PreparedDatabases;
  /** Variables for a one-off job of a service (a bulk load), with the bulk writer's role. */
  jobEnvironment(service: ServiceName): Record<string, string>;
  /** Process ids by `service`, further instances by `service#2`. */
  pids(): Record<string, number>;
  token(claims: Omit<TokenClaims, 'subject' | 'hours'> & Partial<TokenClaims>): Promise<string>;
  /** Sends a signal; answers whether the process was there. SIGKILL is waited for. */
  kill(service: ServiceName, name: NodeJS.Signals, instance?: number): Promise<boolean>;
  /** Starts a service that is down and waits until it is ready. */
  start(service: ServiceName, instance?: number): Promise<void>;
  /** Stops in order, or as abruptly as the signal says, and starts again. */
  restart(service: ServiceName, instance?: number, name?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Migrates the databases, makes the topics and starts every service as a process of its own on the compiled code.
 * Processes that already run with the same code and environment are left alone. Resolves when all answer as ready.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, servers, only = serviceNames, instances = {}, extraEnvironment = {} } = options;
  const say = options.say ?? ((): void => undefined);
  const state = readStackState(dir);
  const save = (): void => writeStackState(dir, state);
  save();
  const keysFolder = join(dir, 'keys');
  const keys = await ensureLocalKeys(keysFolder);
  const identityKey = ensureIdentityKey(keysFolder);
  const { databaseUrl: adminUrl, kafkaBrokers, redisUrl } = servers;
  const databases = await prepare({ adminUrl, kafkaBrokers, password: state.rolePassword, only, say });

  const wanted = only.flatMap((service) =>
    Array.from({ length: instances[service] ?? 1 }, (_, index) => ({ service, instance: index + 1 })),
  );
  // Every service has an address, started or not: the gateway wants to know them all.
  const addressed = [...serviceNames.map((service) => ({ service, instance: 1 })), ...wanted];
  const ports = await assignPorts(addressed, state, options.ports ?? 'free');
  const portOf = (service: ServiceName, instance = 1): number => {
    const port = ports.get(keyOf(service, instance));
    if (port === undefined) throw new Error(`${keyOf(service, instance)} is not part of this stack`);
    return port;
  };
  const url = (service: ServiceName, instance = 1): string => `http://127.0.0.1:${portOf(service, instance)}`;
  const serviceUrls = Object.fromEntries(serviceNames.map((service) => [service, url(service)]));

  const factsOf = (service: ServiceName, port: number): EnvironmentFacts => ({
    service,
    port,
    database: databases[service],
    kafkaBrokers,
    redisUrl,
    jwksFile: keys.jwksFile,
    identityKey,
    serviceUrls,
    inherited: process.env,
    extra: extraEnvironment[service] ?? {},
  });

  const find = (service: ServiceName, instance: number): ServiceProcess | undefined =>
    state.processes.find((process) => process.service === service && process.instance === instance);
  const forget = (gone: ServiceProcess): void => {
    state.processes = state.processes.filter((process) => process !== gone);
    save();
  };

  async function start(service: ServiceName, instance = 1): Promise<void> {
    const name = keyOf(service, instance);
    const port = portOf(service, instance);
    const env = environmentOf(factsOf(service, port));
    const launchKey = launchKeyOf(env, builtFingerprint(), policyReadBy({ service, environment: env, cwd: dir }));
    const logFile = join(dir, 'logs', `${name}.log`);
    let known = find(service, instance);
    if (known && (!isRunning(known) || known.launchKey !== launchKey)) {
      await stopProcess(known, { patienceMs: STOP_PATIENCE_MS });
      forget(known);
      known = undefined;
    }
    if (!known) {
      await requireFreePort(name, port);
      const args = [...NODE_FLAGS, entryOf(service)];
      const record = await launchDetached({ command: process.execPath, args, logFile, env, cwd: dir });
      known = { ...record, service, instance, port, launchKey };
      state.processes.push(known);
      save();
    }
    const check = (): Promise<void> => answersReady(port);
    await waitUntilReady({ what: name, process: known, logFile, timeoutMs: READY_WITHIN_MS, check });
    say(`${name} is ready on 127.0.0.1:${port}`);
  }

  async function kill(service: ServiceName, name: NodeJS.Signals, instance = 1): Promise<boolean> {
    const known = find(service, instance);
    if (!known || !signal(known, name)) return false;
    if (name === 'SIGKILL') await waitForEnd(known, 10_000);
    return true;
  }

  // The gateway merges what the others describe, so they come first. All are awaited even if one fails: what was
  // launched is then on record and can be stopped.
  for (const group of [wanted.filter(isInner), wanted.filter((one) => !isInner(one))]) {
    const outcomes = await Promise.allSettled(group.map(({ service, instance }) => start(service, instance)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  return {
    gateway: only.includes('gateway') ? url('gateway') : '',
    url,
    databases,
    jobEnvironment: (service) => environmentOf({ ...factsOf(service, portOf(service)), bulk: true }),
    pids: () =>
      Object.fromEntries(state.processes.map(({ service, instance, pid }) => [keyOf(service, instance), pid])),
    token: (claims) => signToken(keys, { subject: `local-${claims.role}`, hours: 12, ...claims }),
    kill,
    start,
    async restart(service, instance = 1, name = 'SIGTERM') {
      const known = find(service, instance);
      if (known) await stopProcess(known, { first: name, patienceMs: STOP_PATIENCE_MS });
      await start(service, instance);
    },
    async stop() {
      await stopStack(dir);
      state.processes = [];
    },
  };
}

/** Stops the services that were started for this folder, and nothing else. Answers which of them were running. */
export async function stopStack(dir: string, { wipe = false }: { wipe?: boolean } = {}): Promise<string[]> {
  const state = readStackState(dir);
  const stopped: string[] = [];
  await Promise.all(
    state.processes.map(async (process) => {
      const wasRunning = await stopProcess(process, { patienceMs: STOP_PATIENCE_MS });
      if (wasRunning) stopped.push(keyOf(process.service, process.instance));
    }),
  );
  if (wipe) removeStackState(dir);
  else if (state.processes.length > 0) writeStackState(dir, { ...state, processes: [] });
  return stopped;
}

function isInner({ service }: { service: ServiceName }): boolean {
  return service !== 'gateway';
}

function keyOf(service: ServiceName, instance: number): string {
  return instance === 1 ? service : `${service}#${instance}`;
}

/** Fixed ports for first instances of `up`; a process that runs keeps its port; the rest get free ones. */
async function assignPorts(
  wanted: readonly { service: ServiceName; instance: number }[],
  state: StackState,
  ports: 'up' | 'free',
): Promise<Map<string, number>> {
  const free = await freePorts(wanted.length);
  return new Map(
    wanted.map(({ service, instance }, index) => {
      const known = state.processes.find((process) => process.service === service && process.instance === instance);
      const fixed = ports === 'up' && instance === 1 ? upServicePorts[service] : undefined;
      return [keyOf(service, instance), fixed ?? known?.port ?? (free[index] as number)];
    }),
  );
}

async function answersReady(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(5_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/health/ready answers ${answer.status}: ${text.slice(0, 300)}`);
}
