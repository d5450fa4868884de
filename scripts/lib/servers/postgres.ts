import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Failure } from '../failure.ts';
import { launchDetached, tailOf, waitUntilReady, type StartHooks } from './launch.ts';
import { preparePlaces, type PostgresPlaces } from './postgres-places.ts';
import { waitForEnd } from './process-table.ts';

const READY_WITHIN_MS = 60_000;

/**
 * What differs from PostgreSQL's defaults. Durability is spelled out: tests kill this server and count what is left,
 * and benchmarks compare with a floor that pays for the same fsync.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
} as const;

/** The URL of the superuser; its database `postgres` is where migrations create the services' databases from. */
export function superuserUrl(port: number, password: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** SELECT 1 over a connection of its own. */
export async function selectOne(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  // A server that restarts may cut the connection after the answer; that is no reason to fail the script.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

// PGPORT, PGOPTIONS and the like of the caller's shell must not reach the server.
const cleanEnvironment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

function initialise({ binaries, data, account }: PostgresPlaces, password: string): void {
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const args = [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ];
  try {
    const run = spawnSync(join(binaries, 'initdb'), args, {
      ...account,
      cwd: '/',
      env: cleanEnvironment,
      encoding: 'utf8',
    });
    if (run.status === 0) return;
    throw new Failure(`initdb failed: ${run.error?.message ?? `${run.stdout}${run.stderr}`}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** After a kill -9 of the server its children need a moment to notice; until then a new one refuses to start. */
function isHeldByOrphans(logFile: string): boolean {
  return /pre-existing shared memory block|lock file "postmaster.pid"/.test(tailOf(logFile, 3));
}

/** Starts PostgreSQL on its data folder, which is created when missing, and waits until it answers a query. */
export async function startPostgres(options: PostgresOptions): Promise<void> {
  const { dir, port, password, hooks } = options;
  const places = preparePlaces(dir);
  options.placed(places.data);
  initialise(places, password);
  const logFile = join(dir, 'logs', 'postgres.log');
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const launch = {
    command: join(places.binaries, 'postgres'),
    args: ['-D', places.data, ...settings],
    logFile,
    cwd: '/',
    env: cleanEnvironment,
    ...places.account,
  };
  let process = await launchDetached(launch);
  hooks.launched(process);
  for (let attempt = 0; attempt < 40 && (await waitForEnd(process, 250)) && isHeldByOrphans(logFile); attempt += 1) {
    process = await launchDetached(launch);
    hooks.launched(process);
  }
  const check = (): Promise<void> => selectOne(superuserUrl(port, password));
  await waitUntilReady({ what: 'PostgreSQL', process, logFile, timeoutMs: READY_WITHIN_MS, check });
}

export interface PostgresOptions {
  dir: string;
  port: number;
  password: string;
  hooks: StartHooks;
  /** Told where the data is; it may be outside `dir`, see choosePlaces. */
  placed: (data: string) => void;
}
