import { randomInt } from 'node:crypto';
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { benchAlertLatency, type AlertLatencyLine } from './lib/bench/alert-latency.ts';
import { besideNames, textOfBeside, type BesideName } from './lib/bench/beside.ts';
import { benchFanOut, type FanOutBenchLine } from './lib/bench/fanout.ts';
import type { KillsLine } from './lib/bench/kills-line.ts';
import { benchKills } from './lib/bench/kills.ts';
import { benchShockIntake, type ShockIntakeLine } from './lib/bench/shock-intake.ts';
import { textOfPeers } from './lib/bench/peers/comparison.ts';
import { runCommand, UsageError } from './lib/command.ts';

const MOST_SEED = 1_000_000_000;
const names = ['fanout', 'shock-intake', 'kills', 'alert-latency'] as const;

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new UsageError(`--${option} takes a whole number from 1 to ${most.toLocaleString('en')}, not ${text}`);
  return value;
}

function regionOf(text: string): RegionCode {
  try {
    return parseRegionCode(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function besideOf(text: string): BesideName {
  const name = besideNames.find((known) => known === text);
  if (name === undefined) throw new UsageError(`--beside takes ${besideNames.join(' or ')}, not ${text}`);
  return name;
}

function memory(of: Record<string, number>): string {
  return Object.entries(of)
    .map(([name, mb]) => `${name} ${mb}`)
    .join(', ');
}

function textOfIntake({ roads, peakRssMb, serverRssMb }: ShockIntakeLine): string {
  return [
    ...Object.entries(roads).map(
      ([road, { warnings, seconds, floorSeconds, ratio, perSecond }]) =>
        `${road}: ${warnings} warnings in ${seconds} s (${perSecond}/s) beside a floor of ${floorSeconds} s, ratio ${ratio}`,
    ),
    `peak memory, MiB: ${memory(peakRssMb)}`,
    `servers, MiB: ${memory(serverRssMb)}`,
  ].join('\n');
}

function textOfKills(line: KillsLine): string {
  const {
    rounds,
    kills,
    applications,
    shocksJudgedAgain,
    findingsJudgedAgain,
    brokerRestarts,
    databaseRestarts,
    redisRestarts,
    findings,
    failures,
    seconds,
  } = line;
  return [
    `${rounds} rounds in ${seconds} s (median ${line.secondsARound} s each); killed: ${memory(kills)}`,
    `restarts of the broker ${brokerRestarts}, of the database ${databaseRestarts}, of Redis ${redisRestarts}`,
    `findings: ${memory(findings)}`,
    `policies applied backwards: ${applications}, to ${shocksJudgedAgain} shocks and ${findingsJudgedAgain} findings`,
    failures.length === 0
      ? 'the ledger added up each time, and so did the findings'
      : `NOT OK: ${failures.length} failures`,
    ...failures.map(({ round, seed, what }) => `--seed ${seed} --round ${round}: ${what}`),
  ].join('\n');
}

function textOfLatency({ findings, rate, p50, p99, floor, ratioP50, ratioP99, peakRssMb }: AlertLatencyLine): string {
  return [
    `${findings} findings followed at ${rate} a second, from the request to the case: p50 ${p50} s, p99 ${p99} s`,
    `floor: the bare commits and round trips, p50 ${floor.p50} s, p99 ${floor.p99} s; ratio ${ratioP50} and ${ratioP99}`,
    `peak memory, MiB: ${memory(peakRssMb)}`,
  ].join('\n');
}

function textOf(line: FanOutBenchLine): string {
  const { floor, peakRssMb, serverRssMb } = line;
  return [
    `households ${line.households}, alerts ${line.alerts}, cases ${line.cases}`,
    `from the 202 to the last case and its event: ${line.seconds} s (median of ${line.runs.length})`,
    `floor: ${line.floorSeconds} s = COPY of alerts ${floor.alertCopy} + of cases ${floor.caseCopy} + produce and consume ${floor.produceConsume}`,
    `ratio ${line.ratio}`,
    `peak memory, MiB: ${memory(peakRssMb)}`,
    `servers, MiB: ${memory(serverRssMb)}`,
    ...(line.beside === undefined ? [] : [textOfBeside(line.beside)]),
    ...(line.peers === undefined ? [] : [textOfPeers(line.peers)]),
    line.ok ? '' : 'NOT OK: a household without alert or case, or a process above 512 MiB\n',
  ].join('\n');
}

await runCommand(
  {
    name: 'bench',
    does: `Runs a benchmark with its floor on servers of its own, and leaves a running stack alone. Names: ${names.join(', ')}.`,
    positionals: 'NAME',
    options: {
      households: { type: 'string', default: '99749' },
      region: { type: 'string', default: '5309' },
      runs: { type: 'string', default: '3' },
      instances: { type: 'string', default: '1' },
      profile: { type: 'string' },
      peers: { type: 'boolean', default: false },
      beside: { type: 'string' },
      warnings: { type: 'string', default: '1300' },
      kills: { type: 'string', default: '100' },
      seed: { type: 'string' },
      round: { type: 'string' },
      rate: { type: 'string', default: '100' },
      findings: { type: 'string', default: '4000' },
    },
    help: {
      households: 'how many households; 99749',
      region: 'where they live; 5309, the 77 townships of Lincang',
      runs: 'how often it is measured; the median of 3',
      instances: 'processes of risk-alerts and of assistance-cases, each; 1',
      warnings: 'shock-intake: how many warnings; 1300, a July day of the country',
      kills: 'kills: how many rounds, each of which kills a process and takes about half a minute; 100',
      seed: 'kills: a number that decides what happens when; another one each time',
      round: 'kills: run this round of the seed alone',
      rate: 'alert-latency: findings a second; 100',
      findings: 'alert-latency: how many findings; 4000',
      peers: 'fanout: also the same job as a loop with an ORM and as a Kafka Streams program (Java)',
      beside:
        'fanout: then alternately alone and beside `simulations` (what-ifs and backtests of the whole area, without a pause) or `sweep` (a policy applied backwards over earlier shocks); as many runs of each',
      profile: 'a folder for CPU profiles of the services; slows them a little',
    },
  },
  async ({ values, positionals, json, say, emit }) => {
    const [name, ...more] = positionals;
    if (name === undefined || !names.some((known) => known === name) || more.length > 0)
      throw new UsageError(
        name === undefined ? 'name a benchmark' : `there is no benchmark "${positionals.join(' ')}"`,
      );
    if (name === 'shock-intake') {
      const intake = await benchShockIntake({
        warnings: wholeNumber('warnings', values.warnings ?? '', 20_000),
        runs: wholeNumber('runs', values.runs ?? '', 50),
        profile: values.profile,
        say,
      });
      if (json) emit(intake);
      else process.stdout.write(`${textOfIntake(intake)}\n`);
      return intake.ok;
    }
    if (name === 'kills') {
      const line = await benchKills({
        households: wholeNumber('households', values.households ?? '', 1_000_000),
        region: regionOf(values.region ?? ''),
        kills: wholeNumber('kills', values.kills ?? '', 10_000),
        seed: values.seed === undefined ? randomInt(1, MOST_SEED) : wholeNumber('seed', values.seed, MOST_SEED),
        round: values.round === undefined ? undefined : wholeNumber('round', values.round, 10_000),
        instances: wholeNumber('instances', values.instances ?? '', 8),
        say,
      });
      if (json) emit(line);
      else process.stdout.write(`${textOfKills(line)}\n`);
      return line.ok;
    }
    if (name === 'alert-latency') {
      const line = await benchAlertLatency({
        region: regionOf(values.region ?? ''),
        rate: wholeNumber('rate', values.rate ?? '', 1_000),
        findings: wholeNumber('findings', values.findings ?? '', 100_000),
        profile: values.profile,
        say,
      });
      if (json) emit(line);
      else process.stdout.write(`${textOfLatency(line)}\n`);
      return line.ok;
    }
    const line = await benchFanOut({
      households: wholeNumber('households', values.households ?? '', 5_000_000),
      region: regionOf(values.region ?? ''),
      runs: wholeNumber('runs', values.runs ?? '', 50),
      instances: wholeNumber('instances', values.instances ?? '', 8),
      profile: values.profile,
      peers: values.peers,
      beside: values.beside === undefined ? undefined : besideOf(values.beside),
      say,
    });
    if (json) emit(line);
    else process.stdout.write(`${textOf(line)}\n`);
    return line.ok;
  },
);
