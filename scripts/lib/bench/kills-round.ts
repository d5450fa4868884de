/** One round: a shock and findings are sent, something is killed on their way, and when all has settled the books are looked at. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { Servers } from '../servers/index.ts';
import type { ServiceName } from '../stack/index.ts';
import { systemFaults, wayOf } from './kills-checks.ts';
import { applyBackwards, release, type Applied, type Releasing } from './kills-application.ts';
import { concernedNow, type Concerned } from './kills-application-checks.ts';
import { planFindings } from './kills-findings-plan.ts';
import { sendFindings, type SentFindings } from './kills-findings.ts';
import { groupDays, type RoundPlan } from './kills-plan.ts';
import { checkRound, type CheckedRound, type KillsWorld } from './kills-round-checks.ts';
import { sendUntilTaken, shockOfRound, type RoundShock } from './kills-shocks.ts';

/** A world whose servers may be restarted. */
export interface RoundWorld extends KillsWorld, Releasing {
  readonly servers: Servers;
}

/** How long intake and the whole way take when nothing is killed, milliseconds. */
export interface UsualTimes {
  readonly intakeMs: number;
  readonly fanOutMs: number;
}

export interface RoundResult {
  readonly shockId: string | undefined;
  readonly faults: readonly string[];
  /** Findings by what became of them. */
  readonly outcomes: CheckedRound['outcomes'];
  /** By a policy applied backwards. */
  readonly judgedAgain: { readonly shocks: number; readonly findings: number };
  /** POSTs that had to be sent again. */
  readonly sentAgain: number;
  /** Starts that ended before the service was ready, as when the broker was away; the next one was taken. */
  readonly startsAgain: number;
  readonly seconds: number;
}

const START_GIVE_UP_MS = 180_000;

export async function runRound(world: RoundWorld, plan: RoundPlan, usual: UsualTimes): Promise<RoundResult> {
  const began = performance.now();
  const since = new Date();
  const shock = shockOfRound(plan, world.area);
  const faults: string[] = [];
  let sent: SentShock | undefined;
  let findings: SentFindings | undefined;
  let outcomes: CheckedRound['outcomes'] = {};
  let startsAgain = 0;
  let applied: Applied | undefined;
  try {
    const concerned = await released(world, plan);
    const ended = await Promise.allSettled([
      sendShock(world, plan, shock, usual).then((shockSent) => (sent = shockSent)),
      sendRoundFindings(world, plan, usual).then((findingsSent) => (findings = findingsSent)),
      killAndStart(world, plan, usual).then((again) => (startsAgain = again)),
      restartServer(world, plan, usual),
      ...(plan.applies === undefined
        ? []
        : [applyBackwards(world, plan, usual.fanOutMs).then((over) => (applied = over))]),
    ]);
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    if (sent !== undefined && findings !== undefined) {
      const { shockId, nextId } = sent as SentShock;
      if (shockId !== nextId) faults.push(`${plan.then?.what} was taken as shock ${nextId}`);
      const checked = await checkRound(world, { plan, shock, shockId, findings, since, concerned, applied });
      faults.push(...checked.faults);
      outcomes = checked.outcomes;
    }
  } catch (error) {
    faults.push(error instanceof Failure ? error.message : String(error instanceof Error ? error.stack : error));
  }
  faults.push(...(await systemFaults(world).catch((error: unknown) => [String(error)])));
  if (faults.length > 0 && sent !== undefined) faults.push(await wayOf(world, sent.shockId).catch(String));
  return {
    shockId: sent?.shockId,
    faults,
    outcomes,
    judgedAgain: {
      shocks: (applied as Applied | undefined)?.shocks.judged ?? 0,
      findings: (applied as Applied | undefined)?.findings.judged ?? 0,
    },
    sentAgain: (sent?.sentAgain ?? 0) + (findings?.sentAgain ?? 0) + ((applied as Applied | undefined)?.sentAgain ?? 0),
    startsAgain,
    seconds: Math.round(performance.now() - began) / 1_000,
  };
}

/** Rolls out what the round applies backwards, and notes what that is about. */
async function released(world: RoundWorld, { applies, round }: RoundPlan): Promise<Concerned | undefined> {
  if (applies === undefined) return undefined;
  await release(world, applies.alertFrom);
  return concernedNow(world, groupDays(round, new Date(), world.isAlone));
}

interface SentShock {
  readonly shockId: string;
  /** Of what was sent after it; the same where all is well. */
  readonly nextId: string;
  readonly sentAgain: number;
}

/** The shock, and while it is on its way what follows it. */
export async function sendShock(
  { client }: KillsWorld,
  plan: RoundPlan,
  shock: RoundShock,
  usual: UsualTimes,
): Promise<SentShock> {
  const { shockId, tries } = await sendUntilTaken(client, shock.first);
  const next = shock.next(shockId);
  if (next === undefined || plan.then === undefined) return { shockId, nextId: shockId, sentAgain: tries - 1 };
  await sleep(plan.then.moment * usual.fanOutMs);
  const second = await sendUntilTaken(client, next);
  return { shockId, nextId: second.shockId, sentAgain: tries + second.tries - 2 };
}

export function sendRoundFindings(
  { department, households }: KillsWorld,
  plan: RoundPlan,
  { fanOutMs }: UsualTimes,
): Promise<SentFindings> {
  return sendFindings(department, planFindings(plan, households, new Date()), fanOutMs);
}

/** Answers how often it had to be started. */
async function killAndStart(world: RoundWorld, { kill }: RoundPlan, usual: UsualTimes): Promise<number> {
  const { service, instance, moment, of } = kill;
  await sleep(moment * (of === 'intake' ? usual.intakeMs : usual.fanOutMs));
  if (!(await world.stack.kill(service, 'SIGKILL', instance)))
    throw new Failure(`${service} was not there to be killed`);
  return startUntilReady(world, service, instance);
}

async function restartServer({ servers }: RoundWorld, { server }: RoundPlan, usual: UsualTimes): Promise<void> {
  if (server === undefined) return;
  await sleep(server.moment * usual.fanOutMs);
  if (server.name === 'kafka') await servers.restartKafka(server.how);
  else if (server.name === 'postgres') await servers.restartPostgres(server.how);
  else await servers.restartRedis(server.how);
}

/** As a supervisor does: a service that ends while what it needs is away is started again. Answers how often. */
async function startUntilReady({ stack }: KillsWorld, service: ServiceName, instance: number): Promise<number> {
  const deadline = Date.now() + START_GIVE_UP_MS;
  for (let again = 0; ; again += 1) {
    try {
      await stack.start(service, instance);
      return again;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
