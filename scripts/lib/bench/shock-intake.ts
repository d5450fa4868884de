/**
 * The intake benchmark: warnings per second that one instance of shock-feeds takes durably (committed, answered 202, its
 * event acknowledged by the bus), as the relay's snapshots, as files of many CAP alerts and as single CAP messages, each
 * beside what inserting the same rows and producing the same messages in batches costs on the same servers.
 */
import { resolve } from 'node:path';
import { databaseName, urlFor } from '@fangpin/persistence';
import pg from 'pg';
import { HttpClient, textBody } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import type { Servers } from '../servers/index.ts';
import type { Stack, StackOptions } from '../stack/index.ts';
import { openIntakeFloor, type IntakeFloor } from './intake-floor.ts';
import { familyMb, peakRssMb } from './memory.ts';
import { onOwnServers } from './on-own-servers.ts';
import { capOf, madeUpWarnings, snapshotOf, type MadeUpWarning } from './shock-intake-load.ts';
import { median, rounded } from './statistics.ts';
import { waitFor } from './wait.ts';

export interface ShockIntakeOptions {
  warnings: number;
  runs: number;
  /** Where the CPU profile of the service goes when it ends; none without. */
  profile?: string | undefined;
  say: (line: string) => void;
}

export interface RoadFigures {
  warnings: number;
  seconds: number;
  floorSeconds: number;
  ratio: number;
  perSecond: number;
}

type Road = 'snapshots' | 'capFiles' | 'capMessages';

export interface ShockIntakeLine extends RoadFigures {
  name: 'shock-intake';
  /** The figures above are those of the road that the weather service's relay takes, the snapshots. */
  roads: Record<Road, RoadFigures & { floor: { insertSeconds: number; produceSeconds: number } }>;
  peakRssMb: Record<string, number>;
  serverRssMb: Record<string, number>;
  ok: boolean;
}

/** A peak national hour holds so many warnings; each snapshot brings as many new ones. */
const A_PEAK_HOUR = 218;
const ALERTS_A_FILE = 200;
const SENDERS = 32;
const MOST_RSS_MB = 512;

export async function benchShockIntake(options: ShockIntakeOptions): Promise<ShockIntakeLine> {
  const { say, profile } = options;
  const services = (): Omit<StackOptions, 'dir' | 'servers'> => ({
    only: ['shock-feeds'],
    ...(profile !== undefined && {
      extraEnvironment: { 'shock-feeds': { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(profile)}` } },
    }),
    say,
  });
  return onOwnServers(say, services, async ({ servers, stack, onEnd }) => {
    const database = new pg.Client({ connectionString: urlFor(servers.databaseUrl, databaseName('shock-feeds')) });
    await database.connect();
    onEnd(() => database.end());
    const floor = await openIntakeFloor(database, [servers.kafkaBrokers]);
    onEnd(() => floor.close());
    return measure(options, { servers, stack, database, floor });
  });
}

interface Parts {
  servers: Servers;
  stack: Stack;
  database: pg.Client;
  floor: IntakeFloor;
}

interface Run {
  seconds: number;
  insertSeconds: number;
  produceSeconds: number;
}

async function measure({ warnings: count, runs, say }: ShockIntakeOptions, parts: Parts): Promise<ShockIntakeLine> {
  const { stack, servers } = parts;
  const client = new HttpClient(stack.url('shock-feeds'), await stack.token({ role: 'operator', region: '00' }));
  const roads = {} as ShockIntakeLine['roads'];
  for (const [road, send] of Object.entries(SEND) as [Road, Send][]) {
    const measured: Run[] = [];
    // The first run compiles the code that is measured, and is not counted.
    for (let run = 0; run <= runs; run += 1) {
      const taken = await runOnce(send, count, client, parts);
      if (run > 0) measured.push(taken);
      say(
        `${road}${run === 0 ? ' (warm-up)' : ''}: ${taken.seconds} s beside ${rounded(taken.insertSeconds + taken.produceSeconds)} s`,
      );
    }
    roads[road] = figures(count, measured);
  }
  const peakRssMbOf = Object.fromEntries(Object.entries(stack.pids()).map(([name, pid]) => [name, peakRssMb(pid)]));
  const serverRssMb = Object.fromEntries(
    Object.entries(servers.pids()).map(([name, pid]) => [name, name === 'postgres' ? familyMb(pid) : peakRssMb(pid)]),
  );
  const { floor: _, ...snapshots } = roads.snapshots;
  return {
    name: 'shock-intake',
    ...snapshots,
    roads,
    peakRssMb: peakRssMbOf,
    serverRssMb,
    ok: Object.values(peakRssMbOf).every((peak) => peak <= MOST_RSS_MB),
  };
}

function figures(warnings: number, runs: readonly Run[]): ShockIntakeLine['roads'][Road] {
  const seconds = rounded(median(runs.map((run) => run.seconds)));
  const insertSeconds = rounded(median(runs.map((run) => run.insertSeconds)));
  const produceSeconds = rounded(median(runs.map((run) => run.produceSeconds)));
  const floorSeconds = rounded(insertSeconds + produceSeconds);
  return {
    warnings,
    seconds,
    floorSeconds,
    ratio: Math.round((seconds / floorSeconds) * 100) / 100,
    perSecond: Math.round(warnings / seconds),
    floor: { insertSeconds, produceSeconds },
  };
}

async function runOnce(send: Send, count: number, client: HttpClient, { database, floor }: Parts): Promise<Run> {
  const tables = await filledTables(database);
  await database.query(`TRUNCATE ${[...tables, 'outbox'].join(', ')} CASCADE`);
  await database.query('CHECKPOINT');
  const requests = send(madeUpWarnings(count, new Date(Date.now() - 60_000)));
  const start = performance.timeOrigin + performance.now();
  await requests(client);
  const end = await waitFor({ what: 'events of the warnings', everyMs: 20, timeoutMs: 60_000 }, () =>
    published(database),
  );
  const { rows } = await database.query<{ n: string }>('SELECT count(*) AS n FROM shocks');
  if (Number(rows[0]?.n) !== count) throw new Failure(`${rows[0]?.n} shocks stand for ${count} warnings`);
  return { seconds: rounded((end - start) / 1_000), ...(await floor.measure(tables)) };
}

/** The tables that intake fills. */
async function filledTables(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND (tablename LIKE '%shock%' OR tablename LIKE '%warning%')",
  );
  return rows.map(({ name }) => name);
}

/** When the last event was acknowledged, by the database's clock, so that polling adds nothing. */
async function published(database: pg.Client): Promise<number | undefined> {
  const { rows } = await database.query<{ open: string; last: string | null }>(
    'SELECT count(*) FILTER (WHERE published_at IS NULL) AS open, extract(epoch FROM max(published_at)) * 1000 AS last FROM outbox',
  );
  const [row] = rows;
  return row && Number(row.open) === 0 && row.last !== null ? Number(row.last) : undefined;
}

/** Makes the bodies before the clock runs. */
type Send = (warnings: readonly MadeUpWarning[]) => (client: HttpClient) => Promise<void>;

const SEND: Record<Road, Send> = {
  snapshots: (warnings) => {
    const bodies = chunks(warnings, A_PEAK_HOUR).map((_, i) =>
      JSON.stringify(snapshotOf(warnings.slice(0, (i + 1) * A_PEAK_HOUR), new Date(Date.now() - 30_000 + i * 1_000))),
    );
    return async (client) => {
      for (const body of bodies) await client.post('/v1/shocks/warning-snapshots', textBody('application/json', body));
    };
  },
  capFiles: (warnings) => {
    const bodies = chunks(warnings.map(capOf), ALERTS_A_FILE).map(
      (alerts) => `<alerts>${alerts.map((alert) => alert.replace(/^<\?xml[^>]*\?>/, '')).join('')}</alerts>`,
    );
    return async (client) => {
      for (const body of bodies) await client.post('/v1/shocks/cap', textBody('application/xml', body));
    };
  },
  capMessages: (warnings) => {
    const bodies = warnings.map(capOf);
    return async (client) => {
      let next = 0;
      const sender = async (): Promise<void> => {
        for (let i = next++; i < bodies.length; i = next++)
          await client.post('/v1/shocks/cap', textBody('application/cap+xml', bodies[i] as string));
      };
      await Promise.all(Array.from({ length: SENDERS }, sender));
    };
  },
};

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
