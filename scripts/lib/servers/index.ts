import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createAndDropTopic, startKafka } from './kafka.ts';
import { requireKafka } from './kafka-jars.ts';
import type { StartHooks } from './launch.ts';
import { freeServerPorts, requireFreePort, type ServerPorts } from './ports.ts';
import { selectOne, startPostgres, superuserUrl } from './postgres.ts';
import { removeData } from './postgres-places.ts';
import { isRunning, stopProcess, type StopOptions } from './process-table.ts';
import { ping, requireRedis, startRedis } from './redis.ts';
import { readServerState, serverNames, writeServerState, type ServerName, type ServerState } from './server-state.ts';

export { upPorts, type ServerPorts } from './ports.ts';
export type { ServerName } from './server-state.ts';

/** Servers that run elsewhere and are used instead of starting our own. */
export interface GivenServers {
  databaseUrl?: string | undefined;
  kafkaBrokers?: string | undefined;
  redisUrl?: string | undefined;
}

export interface ServerOptions {
  /** Where data, logs and the state of these servers live. One folder, one set of servers. */
  dir: string;
  /** Fixed ports, or free ones (the default) that stay the same for the folder. */
  ports?: 'free' | ServerPorts;
  /** The servers wanted; all by default. */
  only?: readonly ServerName[];
  given?: GivenServers;
  /** More options for the virtual machine of Kafka. */
  javaOptions?: readonly string[];
  /** Progress for people; nothing by default. */
  say?: (line: string) => void;
}

/** How a restart ends the old process: asked to finish in order, or killed as a power cut would. */
export type EndOfProcess = 'orderly' | 'crash';

export interface Servers {
  /** Superuser's URL of the database `postgres`. Empty when PostgreSQL was not asked for; so with the others. */
  databaseUrl: string;
  /** host:port, comma-separated when several. */
  kafkaBrokers: string;
  redisUrl: string;
  /** Process ids of the servers started here, for the measuring of their memory. */
  pids(): Partial<Record<ServerName, number>>;
  /** Ends one server and leaves it down; `restart…` brings it up again on the same port and data. */
  stopServer(name: ServerName, how?: EndOfProcess): Promise<void>;
  restartPostgres(how?: EndOfProcess): Promise<void>;
  restartKafka(how?: EndOfProcess): Promise<void>;
  restartRedis(how?: EndOfProcess): Promise<void>;
  /** Ends what was started; with `wipe` without care for the data, which is removed. */
  stop(options?: { wipe?: boolean }): Promise<void>;
}

/** SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave. */
const ORDERLY: Record<ServerName, StopOptions> = {
  postgres: { first: 'SIGINT', patienceMs: 30_000, last: 'SIGQUIT' },
  kafka: { first: 'SIGTERM', patienceMs: 30_000 },
  redis: { first: 'SIGTERM' },
};

/** A killed PostgreSQL leaves its children to notice by themselves; SIGQUIT ends them as abruptly, and all at once. */
const CRASH: Record<ServerName, StopOptions> = {
  postgres: { first: 'SIGQUIT', patienceMs: 10_000 },
  kafka: { first: 'SIGKILL' },
  redis: { first: 'SIGKILL' },
};

const OVERRIDES = { postgres: 'DATABASE_URL', kafka: 'KAFKA_BROKERS', redis: 'REDIS_URL' } as const;

/**
 * Starts the servers of a folder and waits until each truly works; those that already run are taken as they are.
 * They outlive this process: end them with `stop()`, or later with `stopServers(dir)`.
 * Refuses when a port is held by a stranger or a program is missing and cannot be installed.
 */
export async function startServers(options: ServerOptions): Promise<Servers> {
  const { dir, given = {} } = options;
  const state = await stateFor(options);
  const elsewhere = { postgres: given.databaseUrl, kafka: given.kafkaBrokers, redis: given.redisUrl };
  const wanted = (options.only ?? serverNames).filter((name) => !elsewhere[name]);
  const own = serverSet(dir, state, options);

  // Installers and Maven hold this process up, for minutes where nothing is cached. Were a server started before them, its time to
  // get ready would be over when somebody looks.
  for (const name of wanted) own.prepare(name);
  // Side by side: most of the time is Kafka's. All are awaited even if one fails, so that none is left half started.
  const outcomes = await Promise.allSettled(wanted.map((name) => own.start(name)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;

  const url = (name: ServerName, ours: string): string => elsewhere[name] ?? (wanted.includes(name) ? ours : '');
  const restart = async (name: ServerName, how: EndOfProcess): Promise<void> => {
    await own.end(name, how);
    await own.start(name);
  };
  return {
    databaseUrl: url('postgres', superuserUrl(state.ports.postgres, state.password)),
    kafkaBrokers: url('kafka', `127.0.0.1:${state.ports.kafka}`),
    redisUrl: url('redis', `redis://127.0.0.1:${state.ports.redis}`),
    pids: () => Object.fromEntries(Object.entries(state.processes).map(([name, { pid }]) => [name, pid])),
    stopServer: (name, how = 'orderly') => own.end(name, how),
    restartPostgres: (how = 'orderly') => restart('postgres', how),
    restartKafka: (how = 'orderly') => restart('kafka', how),
    restartRedis: (how = 'orderly') => restart('redis', how),
    stop: async (ending) => {
      await stopServers(dir, ending);
      state.processes = {};
    },
  };
}

/** Ends the servers that were started for this folder, and nothing else. Answers which of them were running. */
export async function stopServers(dir: string, { wipe = false }: { wipe?: boolean } = {}): Promise<ServerName[]> {
  const state = readServerState(dir);
  const stopped: ServerName[] = [];
  if (state) {
    const manner = wipe ? CRASH : ORDERLY;
    await Promise.all(
      serverNames.map(async (name) => {
        const record = state.processes[name];
        if (record && (await stopProcess(record, manner[name]))) stopped.push(name);
      }),
    );
    if (wipe && state.postgresData) removeData(state.postgresData);
    if (!wipe) writeServerState(dir, { ...state, processes: {} });
  }
  if (wipe) rmSync(dir, { recursive: true, force: true });
  return stopped;
}

async function stateFor({ dir, ports = 'free' }: ServerOptions): Promise<ServerState> {
  const known = readServerState(dir);
  const state: ServerState = known ?? {
    ports: ports === 'free' ? await freeServerPorts() : ports,
    password: randomBytes(12).toString('hex'),
    processes: {},
  };
  if (ports !== 'free') state.ports = ports;
  writeServerState(dir, state);
  return state;
}

function serverSet(
  dir: string,
  state: ServerState,
  { javaOptions, say = () => undefined }: Pick<ServerOptions, 'javaOptions' | 'say'>,
) {
  const { ports } = state;
  const answers: Record<ServerName, () => Promise<void>> = {
    postgres: () => selectOne(superuserUrl(ports.postgres, state.password)),
    kafka: () => createAndDropTopic(`127.0.0.1:${ports.kafka}`),
    redis: () => ping(ports.redis),
  };
  const save = (): void => writeServerState(dir, state);
  const hooks = (name: ServerName): StartHooks => ({
    launched: (record) => {
      state.processes[name] = record;
      save();
    },
  });
  const gather: Partial<Record<ServerName, () => void>> = {
    kafka: () => requireKafka(say),
    redis: () => requireRedis(say),
  };
  const launch: Record<ServerName, () => Promise<void>> = {
    postgres: () => {
      const placed = (data: string): void => {
        state.postgresData = data;
        save();
      };
      return startPostgres({ dir, port: ports.postgres, password: state.password, hooks: hooks('postgres'), placed });
    },
    kafka: async () => {
      const pair = { broker: ports.kafka, controller: ports.kafkaController };
      await requireFreePort('kafka', pair.controller, OVERRIDES.kafka);
      await startKafka(dir, pair, hooks('kafka'), javaOptions);
    },
    redis: () => startRedis(dir, ports.redis, hooks('redis')),
  };
  const runs = (name: ServerName): boolean => {
    const known = state.processes[name];
    return known !== undefined && isRunning(known);
  };
  return {
    /** Installs and gathers what a server that is to be started needs. */
    prepare(name: ServerName): void {
      if (!runs(name)) gather[name]?.();
    },
    async start(name: ServerName): Promise<void> {
      if (runs(name)) {
        await answers[name]();
        say(`${name} is running on 127.0.0.1:${ports[name]}`);
        return;
      }
      await requireFreePort(name, ports[name], OVERRIDES[name]);
      say(`starting ${name} on 127.0.0.1:${ports[name]} …`);
      await launch[name]();
      say(`${name} is ready`);
    },
    async end(name: ServerName, how: EndOfProcess): Promise<void> {
      const record = state.processes[name];
      if (record) await stopProcess(record, (how === 'crash' ? CRASH : ORDERLY)[name]);
      delete state.processes[name];
      save();
    },
  };
}
