/**
 * Kills: in each round a shock and findings of a department are sent and one process is killed at a random instant of the fan-out,
 * in a share of them with a restart of the broker, the database or Redis, a Cancel, a correction, an end or a policy applied backwards on the way. Afterwards every
 * household must have been found once and answered once, every finding be an alert or held back with its reason, and episodes,
 * joint alerts and the daily comparison say the same. A round that fails is told with its seed and can be run again alone.
 */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegionCode } from '@fangpin/domain-kit';
import { ledgerFaults } from '../client/fan-out.ts';
import type { StackOptions } from '../stack/index.ts';
import { openOverlay } from './kills-application.ts';
import { comparisonFaults, QUICK_COMPARISONS } from './kills-comparison.ts';
import { emptyLine, noteRound, type KillsLine } from './kills-line.ts';
import { describeRound, planRound } from './kills-plan.ts';
import { settled } from './kills-round-checks.ts';
import { runRound, sendRoundFindings, sendShock, type RoundWorld, type UsualTimes } from './kills-round.ts';
import { shockOfRound } from './kills-shocks.ts';
import { openKillsWorld } from './kills-world.ts';
import { onOwnServers, type OwnServers } from './on-own-servers.ts';
import { median, rounded } from './statistics.ts';

export interface KillsOptions {
  region: RegionCode;
  households: number;
  /** Rounds; each kills one process. */
  kills: number;
  seed: number;
  /** Run this round alone. */
  round?: number | undefined;
  /** Processes of risk-alerts and of assistance-cases, each. */
  instances: number;
  say: (line: string) => void;
}

const WARM_UPS = 3;
const FIRST_GUESS_MS = 1_000;
/** A system that is broken for good shows nothing new. */
const FAILURES_IN_A_ROW = 3;
/** Slices of a run, about: so that a fan-out has a middle to be hit in. */
const SLICES = 12;
/** A killed instance's slice is free again after a moment. */
const SLICE_LEASE_SECONDS = '5';
/**
 * Kafka's start takes most of a round that restarts it: compiled in haste it costs three seconds of processor time instead of
 * five. No speed is measured here.
 */
const QUICK_JAVA = ['-XX:TieredStopAtLevel=1'];

/** Runs it on servers of its own, which are gone afterwards, also when it fails or is interrupted. */
export async function benchKills(options: KillsOptions): Promise<KillsLine> {
  const overlayIn = (dir: string): string => openOverlay(join(dir, 'policy'));
  const services = (dir: string): Omit<StackOptions, 'dir' | 'servers'> => ({
    instances: { 'risk-alerts': options.instances, 'assistance-cases': options.instances },
    extraEnvironment: {
      'risk-alerts': {
        FANGPIN_SLICE_HOUSEHOLDS: String(Math.ceil(options.households / SLICES)),
        FANGPIN_SLICE_LEASE_SECONDS: SLICE_LEASE_SECONDS,
        ...QUICK_COMPARISONS,
        FANGPIN_POLICY_OVERLAY: overlayIn(dir),
      },
      'shock-feeds': { FANGPIN_POLICY_OVERLAY: overlayIn(dir) },
    },
  });
  const work = async ({ dir, servers, stack, onEnd }: OwnServers): Promise<KillsLine> => {
    const world = await openKillsWorld(
      { servers, stack, onEnd },
      { ...options, overlay: overlayIn(dir), isAlone: options.round !== undefined },
    );
    return await measure(options, world, (round) => keepLogs(dir, round, options));
  };
  return onOwnServers(options.say, services, work, { javaOptions: QUICK_JAVA });
}

function keepLogs(dir: string, round: number, { say, seed }: KillsOptions): void {
  const kept = mkdtempSync(join(tmpdir(), `fangpin-kills-${seed}-${round}-`));
  for (const part of ['stack', 'servers']) cpSync(join(dir, part, 'logs'), join(kept, part), { recursive: true });
  say(`  logs are kept in ${kept}`);
}

async function measure(options: KillsOptions, world: RoundWorld, failed: (round: number) => void): Promise<KillsLine> {
  const { say, seed, instances } = options;
  const began = performance.now();
  const usual = await warmUp(world, seed);
  say(`usually ${Math.round(usual.intakeMs)} ms to the 202 and ${Math.round(usual.fanOutMs)} ms to the settled ledger`);
  const numbers =
    options.round === undefined ? Array.from({ length: options.kills }, (_, i) => i + 1) : [options.round];
  const line = emptyLine(options);
  const shocks: { shockId: string; round: number }[] = [];
  const seconds: number[] = [];
  let inARow = 0;
  for (const number of numbers) {
    const plan = planRound(seed, number, instances);
    say(describeRound(plan));
    const result = await runRound(world, plan, usual);
    noteRound(line, plan, result);
    seconds.push(result.seconds);
    if (result.shockId !== undefined) shocks.push({ shockId: result.shockId, round: number });
    say(
      `  ${result.faults.length === 0 ? 'adds up' : `FAILED (--seed ${seed} --round ${number})`} after ${result.seconds} s`,
    );
    inARow = result.faults.length === 0 ? 0 : inARow + 1;
    if (result.faults.length > 0) {
      for (const fault of result.faults) say(`  ${fault}`);
      line.failures.push({ round: number, seed, what: result.faults.join('; ') });
      failed(number);
    }
    if (inARow >= FAILURES_IN_A_ROW) break;
  }
  say('looking at all ledgers once more: no later kill may have touched an earlier shock');
  for (const { shockId, round } of shocks) {
    const faults = await settled(world, shockId).then(ledgerFaults, (error: unknown) => [String(error)]);
    if (faults.length > 0) line.failures.push({ round, seed, what: `at the end: ${faults.join('; ')}` });
  }
  const different = await comparisonFaults(world, world.client).catch((error: unknown) => [String(error)]);
  if (different.length > 0) line.failures.push({ round: 0, seed, what: `at the end: ${different.join('; ')}` });
  line.secondsARound = rounded(median(seconds));
  line.seconds = rounded((performance.now() - began) / 1_000);
  line.ok = line.failures.length === 0 && line.rounds === numbers.length;
  return line;
}

/** Some rounds with nothing killed, the last of which says how long it usually takes. */
async function warmUp(world: RoundWorld, seed: number): Promise<UsualTimes> {
  let usual = { intakeMs: 0, fanOutMs: FIRST_GUESS_MS };
  for (let i = 1; i <= WARM_UPS; i += 1) {
    const { then: _, ...drawn } = planRound(seed, -i, 1);
    const plan = { ...drawn, shock: 'hail' as const };
    const start = performance.now();
    const shock = sendShock(world, plan, shockOfRound(plan, world.area), usual).then(async ({ shockId }) => {
      const intakeMs = performance.now() - start;
      await settled(world, shockId);
      return { intakeMs, fanOutMs: performance.now() - start };
    });
    [usual] = await Promise.all([shock, sendRoundFindings(world, plan, usual)]);
  }
  return usual;
}
