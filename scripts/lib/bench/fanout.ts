/**
 * The fan-out benchmark: how long from the 202 of a shock until every exposed household has its alert and its case, beside
 * what storing and moving the same rows and messages costs at least on the same servers.
 */
import { join, resolve } from 'node:path';
import type { RegionCode } from '@fangpin/domain-kit';
import { createKafkaBus, type Bus } from '@fangpin/messaging';
import { HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import { lastFullMonth, loadPlan, planSeed } from '../seed/index.ts';
import type { Servers } from '../servers/index.ts';
import { serviceNames, type Stack, type StackOptions } from '../stack/index.ts';
import { openServiceSql } from '../client/service-sql.ts';
import { simulationsBeside } from './beside-simulations.ts';
import { sweepBeside, sweptRegion } from './beside-sweep.ts';
import type { Beside, BesideLine, BesideName } from './beside.ts';
import { emptyResults, openDatabases, vacuumAll, type BenchDatabases } from './bench-databases.ts';
import { openBusFloor, type BusFloor } from './bus-floor.ts';
import { exposureCaughtUp, nothingBehind } from './catch-up.ts';
import { copyFloor } from './copy-floor.ts';
import { measureBeside } from './fanout-beside.ts';
import { runFanOut, type FanOutRun, type RunParts } from './fanout-run.ts';
import { julyBefore } from './july.ts';
import { familyMb, peakRssMb } from './memory.ts';
import { onOwnServers } from './on-own-servers.ts';
import type { Peers } from './peers/comparison.ts';
import { measurePeers } from './peers/peers.ts';
import { everyExposedHousehold, writeOverlay } from './policy-overlay.ts';
import { median, rounded } from './statistics.ts';

export interface FanOutBenchOptions {
  region: RegionCode;
  households: number;
  runs: number;
  /** Processes of risk-alerts and of assistance-cases, each. */
  instances: number;
  /** Where CPU profiles of the services go when they end; none without. */
  profile?: string | undefined;
  /** Whether the same job is also measured as others do it (peers/README.md). */
  peers?: boolean | undefined;
  /** What it is measured beside, alternately with runs alone; nothing without. */
  beside?: BesideName | undefined;
  say: (line: string) => void;
}

/** Seconds of each part. */
interface Floor {
  alertCopy: number;
  caseCopy: number;
  produceConsume: number;
}

/** A run of ours and what the same rows and messages cost at least, one after the other. */
interface MeasuredRun extends FanOutRun {
  floor: Floor;
  /** Packed alert messages that went over the bus. */
  messages: number;
}

export interface FanOutBenchLine {
  name: 'fanout';
  households: number;
  alerts: number;
  cases: number;
  seconds: number;
  floorSeconds: number;
  ratio: number;
  floor: Floor;
  peakRssMb: Record<string, number>;
  serverRssMb: Record<string, number>;
  runs: (Omit<MeasuredRun, 'origin' | 'alerts' | 'cases'> & { floorSeconds: number })[];
  /** Present when asked for. */
  peers?: Peers;
  /** Present when asked for. */
  beside?: BesideLine;
  ok: boolean;
}

/** No process of ours may ever take more. */
const MOST_RSS_MB = 512;
const CATCH_UP_MS = 600_000;

/** Runs it on servers of its own, which are gone afterwards, also when it fails or is interrupted. */
export async function benchFanOut(options: FanOutBenchOptions): Promise<FanOutBenchLine> {
  const { say, instances, profile } = options;
  const services = (dir: string): Omit<StackOptions, 'dir' | 'servers'> => ({
    instances: { 'risk-alerts': instances, 'assistance-cases': instances },
    extraEnvironment: forEveryService({
      FANGPIN_POLICY_OVERLAY: writeOverlay(overlayIn(dir), everyExposedHousehold),
      ...(profile !== undefined && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(profile)}` }),
    }),
    say,
  });
  return onOwnServers(say, services, async ({ dir, servers, stack, onEnd }) => {
    const bus = createKafkaBus({ brokers: [servers.kafkaBrokers], clientId: 'bench' });
    onEnd(() => bus.close());
    const databases = await openDatabases(servers.databaseUrl);
    onEnd(() => databases.close());
    const busFloor = await openBusFloor([servers.kafkaBrokers]);
    onEnd(() => busFloor.close());
    const parts = { servers, stack, bus, databases, busFloor };
    const { line: alone, origin, run } = await measure(options, parts);
    const line = { ...alone, ...(await besideOf(options, parts, run)) };
    if (options.peers !== true) return line;
    // What is measured next shall have the machine to itself, as ours had it.
    await stack.stop();
    const given = { ...options, servers, databases, overlay: overlayIn(dir), origin, seconds: line.seconds };
    return { ...line, peers: await measurePeers({ ...given, dir: join(dir, 'peers') }) };
  });
}

/** The folder of the policy under which every exposed household is alerted. */
function overlayIn(dir: string): string {
  return join(dir, 'policy');
}

function forEveryService(variables: Record<string, string>): NonNullable<StackOptions['extraEnvironment']> {
  return Object.fromEntries(serviceNames.map((name) => [name, variables]));
}

interface Parts {
  servers: Servers;
  stack: Stack;
  bus: Bus;
  databases: BenchDatabases;
  busFloor: BusFloor;
}

async function measure(
  options: FanOutBenchOptions,
  parts: Parts,
): Promise<{ line: FanOutBenchLine; origin: string; run: RunParts }> {
  const { say } = options;
  const { stack, bus, databases } = parts;
  for (const region of [options.region, ...(options.beside === 'sweep' ? [sweptRegion(options.region)] : [])])
    await seed(region, options, stack);
  await exposureCaughtUp(databases, bus, CATCH_UP_MS);
  await vacuumAll(parts.servers.databaseUrl);

  const run: RunParts = {
    client: new HttpClient(stack.gateway, await stack.token({ role: 'operator', region: '00' })),
    bus,
    databases,
    pids: { ...stack.pids(), ...parts.servers.pids() },
  };
  // The floor's client is warm too: a service that has just started compiles its loops while it is being measured.
  say(`warm-up: a shock on ${options.region} that is not counted`);
  await runFanOut(run, shockOn(options.region, 0));
  await nothingBehind(databases.alerts, CATCH_UP_MS);

  const runs: MeasuredRun[] = [];
  for (let number = 1; number <= options.runs; number += 1) {
    say('emptying the tables of alerts and cases, so that every run starts alike');
    await emptyResults(databases);
    const ours = await runFanOut(run, shockOn(options.region, number));
    await nothingBehind(databases.alerts, CATCH_UP_MS);
    const measured = { ...ours, ...(await floorOf(ours, parts)) };
    say(`run ${number}: ${ours.cases.toLocaleString('en')} cases, ${describe(ours.seconds, measured.floor)}`);
    runs.push(measured);
  }
  const last = runs.at(-1);
  if (last === undefined) throw new Failure('nothing was measured');
  return { line: lineOf(options, runs, parts), origin: last.origin, run };
}

async function seed(region: RegionCode, { households, say }: FanOutBenchOptions, stack: Stack): Promise<void> {
  const plan = planSeed({ region, households, asOf: lastFullMonth(new Date()), everyHouseholdFarms: true });
  say(`${plan.households.toLocaleString('en')} households in ${plan.villages.length} villages …`);
  await loadPlan(plan, stack, say);
}

async function besideOf(
  { beside: what, region, runs, instances, households, say }: FanOutBenchOptions,
  { servers, stack, bus, databases }: Parts,
  run: RunParts,
): Promise<{ beside?: BesideLine }> {
  if (what === undefined) return {};
  const { client } = run;
  const at = onset();
  const world = openServiceSql(servers.databaseUrl);
  try {
    const beside: Beside =
      what === 'simulations'
        ? simulationsBeside({ client, stack, region, instances, onset: at })
        : await sweepBeside({ client, system: { ...world, bus }, region: sweptRegion(region), shockOn, onset: at });
    const strike = async (number: number, started?: () => Promise<void>): Promise<number> => {
      await emptyResults(databases);
      await started?.();
      const { alerts, cases, seconds } = await runFanOut(run, shockOn(region, 2_000 + number));
      if (alerts !== households || cases !== households)
        throw new Failure(`${alerts} alerts and ${cases} cases of ${households} households`);
      return seconds;
    };
    const settled = (): Promise<void> => nothingBehind(databases.alerts, CATCH_UP_MS);
    return { beside: await measureBeside({ what, beside, runs, strike, settled, say }) };
  } finally {
    await world.close();
  }
}

/** Hail all over the area in July, when every crop stands in the field. The headline makes each one a shock of its own. */
function shockOn(region: RegionCode, number: number): object {
  return {
    kind: 'hail',
    level: 'red',
    observed: true,
    regions: [region],
    onset: onset(),
    headline: `基准测试冰雹 ${number}`,
    source: 'benchmark',
  };
}

function onset(): string {
  return `${julyBefore(new Date())}-18T02:00:00+08:00`;
}

async function floorOf(
  { shockId, origin, alerts, cases }: FanOutRun,
  { databases, busFloor }: Parts,
): Promise<{ floor: Floor; messages: number }> {
  const alertRows = { table: 'alerts', where: `origin = ${origin}`, primaryKey: 'origin, household_id, revision' };
  const caseRows = { table: 'cases', where: `case_origin = ${origin}`, primaryKey: 'case_origin, household_id' };
  const alertCopy = await copyFloor(databases.alerts, alertRows);
  const caseCopy = await copyFloor(databases.cases, caseRows);
  const bus = await busFloor.measure(shockId);
  if (alertCopy.rows !== alerts || caseCopy.rows !== cases || bus.messages === 0)
    throw new Failure(`the floor moved ${alertCopy.rows} alerts, ${caseCopy.rows} cases, ${bus.messages} messages`);
  const floor = {
    alertCopy: rounded(alertCopy.seconds),
    caseCopy: rounded(caseCopy.seconds),
    produceConsume: rounded(bus.seconds),
  };
  return { floor, messages: bus.messages };
}

function sumOf({ alertCopy, caseCopy, produceConsume }: Floor): number {
  return rounded(alertCopy + caseCopy + produceConsume);
}

function describe(seconds: number, floor: Floor): string {
  return `${seconds} s beside a floor of ${sumOf(floor)} s (${(seconds / sumOf(floor)).toFixed(2)})`;
}

function lineOf(
  { households }: FanOutBenchOptions,
  runs: readonly MeasuredRun[],
  { servers, stack }: Parts,
): FanOutBenchLine {
  const peaks = Object.fromEntries(Object.entries(stack.pids()).map(([name, pid]) => [name, peakRssMb(pid)]));
  const serverMemory = Object.fromEntries(
    Object.entries(servers.pids()).map(([name, pid]) => [name, name === 'postgres' ? familyMb(pid) : peakRssMb(pid)]),
  );
  const seconds = rounded(median(runs.map((run) => run.seconds)));
  const floorSeconds = rounded(median(runs.map(({ floor }) => sumOf(floor))));
  const middle = (name: keyof Floor): number => rounded(median(runs.map(({ floor }) => floor[name])));
  const alerts = Math.min(...runs.map((run) => run.alerts));
  const cases = Math.min(...runs.map((run) => run.cases));
  return {
    name: 'fanout',
    households,
    alerts,
    cases,
    seconds,
    floorSeconds,
    ratio: Math.round((seconds / floorSeconds) * 100) / 100,
    floor: { alertCopy: middle('alertCopy'), caseCopy: middle('caseCopy'), produceConsume: middle('produceConsume') },
    peakRssMb: peaks,
    serverRssMb: serverMemory,
    runs: runs.map(({ origin: _, alerts: _alerts, cases: _cases, floor, ...run }) => ({
      ...run,
      floorSeconds: sumOf(floor),
      floor,
    })),
    ok: alerts === households && cases === households && Object.values(peaks).every((peak) => peak <= MOST_RSS_MB),
  };
}
