/** One round: a shock is sent, something is killed on its way, and when all has settled the books are looked at. */
import { setTimeout as sleep } from 'node:timers/promises';
import { accountFaults, recallFaults } from '../client/accounts.ts';
import { followFanOut, isFinal, type FanOut } from '../client/fan-out.ts';
import type { HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import type { Servers } from '../servers/index.ts';
import type { ServiceName } from '../stack/index.ts';
import { systemFaults, wayOf, type CheckedSystem } from './kills-checks.ts';
import type { RoundPlan } from './kills-plan.ts';
import { cancelOf, sendUntilTaken, shockOfRound, type RoundShock, type SeededArea } from './kills-shocks.ts';

export interface KillsWorld extends CheckedSystem {
  readonly servers: Servers;
  readonly client: HttpClient;
  readonly area: SeededArea;
}

/** How long intake and the whole way take when nothing is killed, milliseconds. */
export interface UsualTimes {
  readonly intakeMs: number;
  readonly fanOutMs: number;
}

export interface RoundResult {
  readonly shockId: string | undefined;
  readonly faults: readonly string[];
  /** POSTs that had to be sent again. */
  readonly sentAgain: number;
  /** Starts that ended before the service was ready, as when the broker was away; the next one was taken. */
  readonly startsAgain: number;
  readonly seconds: number;
}

const SETTLE_MS = 180_000;
const POLL_MS = 150;
const START_GIVE_UP_MS = 180_000;

export async function runRound(world: KillsWorld, plan: RoundPlan, usual: UsualTimes): Promise<RoundResult> {
  const began = performance.now();
  let shockId: string | undefined;
  let sentAgain = 0;
  let startsAgain = 0;
  const faults: string[] = [];
  try {
    const shock = shockOfRound(plan, world.area);
    const send = async (): Promise<void> => {
      const first = await sendUntilTaken(world.client, shock.first);
      shockId = first.shockId;
      sentAgain += first.tries - 1;
      const next = shock.next(first.shockId);
      if (next === undefined || plan.then === undefined) return;
      await sleep(plan.then.moment * usual.fanOutMs);
      const second = await sendUntilTaken(world.client, next);
      sentAgain += second.tries - 1;
      if (second.shockId !== first.shockId) faults.push(`${plan.then.what} was taken as shock ${second.shockId}`);
    };
    const kill = async (): Promise<void> => {
      const { service, instance, moment, of } = plan.kill;
      await sleep(moment * (of === 'intake' ? usual.intakeMs : usual.fanOutMs));
      if (!(await world.stack.kill(service, 'SIGKILL', instance))) faults.push(`${service} was not there to be killed`);
      startsAgain += await startUntilReady(world, service, instance);
    };
    const outcomes = await Promise.allSettled([send(), kill(), restartServer(world, plan, usual)]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (shockId !== undefined) faults.push(...(await shockFaults(world, plan, shock, shockId)));
  } catch (error) {
    faults.push(error instanceof Failure ? error.message : String(error instanceof Error ? error.stack : error));
  }
  faults.push(...(await systemFaults(world).catch((error: unknown) => [String(error)])));
  if (faults.length > 0 && shockId !== undefined) faults.push(await wayOf(world, shockId).catch(String));
  const seconds = Math.round(performance.now() - began) / 1_000;
  return { shockId, faults, sentAgain, startsAgain, seconds };
}

async function restartServer({ servers }: KillsWorld, { server }: RoundPlan, usual: UsualTimes): Promise<void> {
  if (server === undefined) return;
  await sleep(server.moment * usual.fanOutMs);
  await (server.name === 'kafka' ? servers.restartKafka(server.how) : servers.restartPostgres(server.how));
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

async function shockFaults(world: KillsWorld, plan: RoundPlan, shock: RoundShock, shockId: string): Promise<string[]> {
  const faults: string[] = [];
  const { text, values } = shock.storedSql;
  const [stored] = await world.sql<{ n: number }>('shock-feeds', text, [...values]);
  if (stored?.n !== 1) faults.push(`the shock is stored ${stored?.n} times`);
  const fanOut = await settled(world, shockId);
  if (plan.then?.what === 'cancel') return [...faults, ...(await recallFaults(world, fanOut))];
  const mustFind = await shock.mustFind(world);
  if (mustFind.length === 0) faults.push('the shock must find nobody: the round shows nothing');
  const revised = plan.then?.what === 'correction';
  faults.push(...(await accountFaults(world, fanOut, mustFind, { revised })));
  if (!plan.recallAfter) return faults;
  await sendUntilTaken(world.client, cancelOf(shockId));
  return [...faults, ...(await recallFaults(world, await settled(world, shockId))).map((fault) => `recall: ${fault}`)];
}

/** The ledger when the last revision that shock-feeds has said is done or recalled. */
export async function settled(world: KillsWorld, shockId: string): Promise<FanOut> {
  const [last] = await world.sql<{ revision: string }>(
    'shock-feeds',
    'SELECT revision FROM shocks WHERE shock_id = $1',
    [shockId],
  );
  if (last === undefined) throw new Failure(`shock ${shockId} was answered by 202 and is not stored`);
  const revision = Number(last.revision);
  return followFanOut(world.client, shockId, {
    pollMs: POLL_MS,
    timeoutMs: SETTLE_MS,
    until: (fanOut) => isFinal(fanOut) && fanOut.revision >= revision,
  });
}
