/**
 * The latency benchmark: one finding of a department over HTTP until its case can be read over HTTP, findings coming at a steady
 * rate whatever becomes of them, beside the bare commits and round trips on the way at the same rate on the same servers.
 */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeDerivedId, originOf, type RegionCode } from '@fangpin/domain-kit';
import { createKafkaBus } from '@fangpin/messaging';
import { HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import { lastFullMonth, loadPlan, planSeed } from '../seed/index.ts';
import type { Servers } from '../servers/index.ts';
import { serviceNames, type Stack, type StackOptions } from '../stack/index.ts';
import { openDatabases, type BenchDatabases } from './bench-databases.ts';
import { exposureCaughtUp } from './catch-up.ts';
import { countCpu } from './cpu.ts';
import { openHops } from './hops.ts';
import { peakRssMb } from './memory.ts';
import { onOwnServers } from './on-own-servers.ts';
import { everyExposedHousehold, writeOverlay } from './policy-overlay.ts';
import { quantile, rounded } from './statistics.ts';

export interface AlertLatencyOptions {
  region: RegionCode;
  /** Findings a second. */
  rate: number;
  /** How many are measured; as many as come in five seconds go before and are not. */
  findings: number;
  profile?: string | undefined;
  say: (line: string) => void;
}

interface Quantiles {
  p50: number;
  p99: number;
}

export interface AlertLatencyLine extends Quantiles {
  name: 'alert-latency';
  findings: number;
  /** Findings a second, as asked for. */
  rate: number;
  /** The bare commits and round trips. */
  floor: Quantiles;
  ratioP50: number;
  ratioP99: number;
  /** Processor time of each process while the findings came, seconds. */
  cpuSeconds: Record<string, number>;
  peakRssMb: Record<string, number>;
  ok: boolean;
}

const WARM_UP_SECONDS = 5;
/** A case is asked for every so often: what is measured is too long by half of it, on average. */
const LOOK_EVERY_MS = 5;
/** Asking for each would keep the machine busy with questions: one of so many findings is followed, the others are load. */
const FOLLOWED = 20;
const PATIENCE_MS = 60_000;
const CATCH_UP_MS = 300_000;
const MOST_RSS_MB = 512;

export async function benchAlertLatency(options: AlertLatencyOptions): Promise<AlertLatencyLine> {
  const { say, profile } = options;
  const services = (dir: string): Omit<StackOptions, 'dir' | 'servers'> => ({
    extraEnvironment: Object.fromEntries(
      serviceNames.map((name) => [
        name,
        {
          FANGPIN_POLICY_OVERLAY: writeOverlay(resolve(dir, 'policy'), everyExposedHousehold),
          ...(profile !== undefined && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(profile)}` }),
        },
      ]),
    ),
    say,
  });
  return onOwnServers(say, services, async ({ servers, stack, onEnd }) => {
    const databases = await openDatabases(servers.databaseUrl);
    onEnd(() => databases.close());
    return measure(options, { servers, stack, databases });
  });
}

interface Parts {
  servers: Servers;
  stack: Stack;
  databases: BenchDatabases;
}

async function measure(options: AlertLatencyOptions, { servers, stack, databases }: Parts): Promise<AlertLatencyLine> {
  const { rate, findings, say } = options;
  const warmUp = rate * WARM_UP_SECONDS;
  const households = await settledHouseholds(options, findings + warmUp, { servers, stack, databases });
  const department = 'health-insurance';
  const pusher = new HttpClient(
    stack.gateway,
    await stack.token({ role: 'department-client', department, region: '00' }),
  );
  const reader = new HttpClient(stack.gateway, await stack.token({ role: 'operator', region: '00' }));

  const one = async (number: number): Promise<number | undefined> => {
    const householdId = households[number] as number;
    const start = performance.now();
    const { findingId } = await pusher.post<{ findingId: string }>(
      `/v1/departments/${department}/findings`,
      findingOf(householdId),
    );
    if (number % FOLLOWED > 0) return undefined;
    await readable(reader, composeDerivedId({ origin: originOf(findingId, 'illness'), householdId }));
    return (performance.now() - start) / 1_000;
  };
  say(`${warmUp} findings that are not counted, then ${findings}, ${rate} a second`);
  await atRate(rate, warmUp, one);
  const cpuUsed = countCpu({ ...stack.pids(), ...servers.pids() });
  const seconds = await atRate(rate, findings, (number) => one(warmUp + number));
  const cpuSeconds = cpuUsed();
  const followed = seconds.flatMap((took) => took ?? []);

  say('the bare commits and round trips at the same rate');
  const hops = await openHops(servers.databaseUrl, [servers.kafkaBrokers]);
  const bare = (await atRate(rate, warmUp + findings, () => hops.once())).slice(warmUp).flatMap((took) => took ?? []);
  await hops.close();

  const ours = quantiles(followed);
  const floor = quantiles(bare);
  const peaks = Object.fromEntries(Object.entries(stack.pids()).map(([name, pid]) => [name, peakRssMb(pid)]));
  return {
    name: 'alert-latency',
    findings: followed.length,
    rate,
    ...ours,
    floor,
    ratioP50: ratio(ours.p50, floor.p50),
    ratioP99: ratio(ours.p99, floor.p99),
    cpuSeconds,
    peakRssMb: peaks,
    ok: Object.values(peaks).every((peak) => peak <= MOST_RSS_MB),
  };
}

/** A county whose households risk-alerts knows; answers the ids of so many. */
async function settledHouseholds(
  { region, say }: AlertLatencyOptions,
  count: number,
  { servers, stack, databases }: Parts,
): Promise<number[]> {
  const plan = planSeed({ region, households: count, asOf: lastFullMonth(new Date()), everyHouseholdFarms: true });
  say(`${count.toLocaleString('en')} households …`);
  await loadPlan(plan, stack, say);
  const bus = createKafkaBus({ brokers: [servers.kafkaBrokers], clientId: 'bench' });
  await exposureCaughtUp(databases, bus, CATCH_UP_MS);
  await bus.close();
  const { rows } = await databases.alerts.query<{ id: string }>('SELECT household_id AS id FROM exposure_a ORDER BY 1');
  if (rows.length < count) throw new Failure(`${rows.length} households are there, not ${count}`);
  return rows.map(({ id }) => Number(id));
}

/** A year's medical cost that no household of the county can bear. */
function findingOf(householdId: number): object {
  const yesterday = new Date(Date.now() - 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
  return {
    householdId,
    kind: 'medical-spending',
    occurredOn: yesterday,
    since: `${yesterday.slice(0, 4)}-01-01`,
    spentFen: 12_000_000,
    refundedFen: 2_000_000,
  };
}

async function readable(reader: HttpClient, caseId: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { status } = await reader.request('GET', `/v1/cases/${caseId}`);
    if (status === 200) return;
    if (status !== 404) throw new Failure(`GET /v1/cases/${caseId} was answered by ${status}`);
    if (performance.now() > deadline) throw new Failure(`no case ${caseId} after ${PATIENCE_MS / 1_000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Starts one after the other at a steady rate, whether or not those before are done: slow answers must not thin the load out. */
async function atRate<T>(rate: number, count: number, one: (number: number) => Promise<T>): Promise<T[]> {
  const start = performance.now();
  const running: Promise<T>[] = [];
  for (let number = 0; number < count; number += 1) {
    const wait = start + (number * 1_000) / rate - performance.now();
    if (wait > 0) await sleep(wait);
    const work = one(number);
    // Awaited below, all together; until then a failure must not go unhandled.
    work.catch(() => undefined);
    running.push(work);
  }
  return Promise.all(running);
}

function quantiles(seconds: readonly number[]): Quantiles {
  return { p50: rounded(quantile(seconds, 0.5)), p99: rounded(quantile(seconds, 0.99)) };
}

function ratio(seconds: number, floor: number): number {
  return Math.round((seconds / floor) * 100) / 100;
}
