/** The shocks of the rounds: what is sent, and which households each must find. */
import { farmersIn, keepersOf } from '../client/accounts.ts';
import { textBody, type HttpClient } from '../client/http-client.ts';
import type { ServiceSql } from '../client/service-sql.ts';
import { Failure } from '../failure.ts';
import { randomOf, shuffle } from '../seed/prng.ts';
import { julyBefore } from './july.ts';
import { daysOf, priceFallOf, type RoundPlan } from './kills-plan.ts';
import { sendUntilAnswered } from './kills-sending.ts';

/** One thing to send, and how the shock's id is read from its answer. */
export interface Sending {
  readonly path: string;
  readonly body: unknown;
  shockIdOf(answer: unknown): string | undefined;
}

export interface RoundShock {
  readonly first: Sending;
  /** What is sent while the first one is on its way. */
  next(shockId: string): Sending | undefined;
  /** By the register, when all has been sent; a shock that is over must have found them too. Of no meaning when it was called off. */
  mustFind(world: ServiceSql): Promise<number[]>;
  /** How many shocks shock-feeds must keep of this round; a POST sent again is no second one. */
  storedSql: { readonly text: string; readonly values: readonly unknown[] };
}

/** Where the made-up households live: the area and its townships. */
export interface SeededArea {
  readonly region: string;
  readonly townships: readonly string[];
}

/** Made new by the run as well as the round: a run may follow another on the same day. */
export function shockOfRound(plan: RoundPlan, area: SeededArea): RoundShock {
  return plan.shock === 'price-fall' ? priceFall(plan) : hail(plan, area);
}

interface IntakeAnswer {
  shockId: string | null;
}

const idOfIntake = (answer: unknown): string | undefined => (answer as IntakeAnswer).shockId ?? undefined;

function hail(plan: RoundPlan, area: SeededArea): RoundShock {
  const half = halfOf(area.townships, plan);
  const grows = randomOf(`${plan.seed}/${plan.round}/grows`).chance(0.5);
  const [before, after] =
    plan.then?.what !== 'correction' ? [[area.region]] : grows ? [half, [area.region]] : [[area.region], half];
  const day = String(daysOf(plan.round).hail).padStart(2, '0');
  const headline = `击杀测试冰雹 ${plan.seed}/${plan.round}`;
  const report = (regions: readonly string[], more: object = {}): Sending => ({
    path: '/v1/shocks',
    body: {
      kind: 'hail',
      level: 'red',
      observed: true,
      regions,
      onset: `${julyBefore(new Date())}-${day}T02:00:00+08:00`,
      headline,
      source: 'benchmark',
      ...more,
    },
    shockIdOf: idOfIntake,
  });
  return {
    first: report(before ?? []),
    next: (shockId) => (after === undefined ? wordOf(plan, shockId) : report(after, { shockId })),
    mustFind: (world) => farmersIn(world, ...(after ?? before ?? [])),
    storedSql: { text: 'SELECT count(*)::int AS n FROM shocks WHERE headline = $1', values: [headline] },
  };
}

function halfOf(townships: readonly string[], { seed, round }: RoundPlan): string[] {
  const order = Uint8Array.from(townships, (_, i) => i);
  shuffle(order, randomOf(`${seed}/${round}/half`));
  return [...order].slice(0, Math.ceil(townships.length / 2)).map((i) => townships[i] as string);
}

const ANIMALS = [
  { name: '生猪', product: 100 },
  { name: '肉牛', product: 101 },
  { name: '山羊', product: 102 },
  { name: '家禽', product: 103 },
] as const;
/** Names of the country as a market, each a series of its own. */
const MARKETS = ['全国', '中国', '全国均价', '全国平均', '国家'] as const;
const STEADY_WEEKS = 40;
const FALLEN_WEEKS = 5;
const STEADY_YUAN = 20;
const FALLEN_YUAN = 7;
const WEEK_MS = 7 * 86_400_000;

/** A price that held for months and lies far lower in the last weeks. */
function priceFall(plan: RoundPlan): RoundShock {
  const number = priceFallOf(plan.round);
  const animal = ANIMALS[number % ANIMALS.length] as (typeof ANIMALS)[number];
  const market = MARKETS[Math.floor(number / ANIMALS.length) % MARKETS.length] as string;
  const weeks = STEADY_WEEKS + FALLEN_WEEKS;
  const yesterday = Date.now() - WEEK_MS / 7;
  const rows = Array.from({ length: weeks }, (_, i) => {
    const date = new Date(yesterday - (weeks - 1 - i) * WEEK_MS).toISOString().slice(0, 10);
    return `${animal.name},${market},元/公斤,${date},${i < STEADY_WEEKS ? STEADY_YUAN : FALLEN_YUAN}`;
  });
  return {
    first: {
      path: '/v1/shocks/market-prices',
      body: textBody('text/csv', ['product,market,unit,date,price', ...rows].join('\n')),
      shockIdOf: (answer) => {
        const { shocks } = answer as { shocks: { shockId: string }[] };
        return shocks.length === 1 ? shocks[0]?.shockId : undefined;
      },
    },
    next: (shockId) => wordOf(plan, shockId),
    mustFind: (world) => keepersOf(world, animal.product),
    storedSql: {
      text: `SELECT count(*)::int AS n FROM shocks WHERE kind = 'price-fall' AND headline LIKE $1`,
      values: [`${market}${animal.name}价格%`],
    },
  };
}

export function cancelOf(shockId: string): Sending {
  return { path: `/v1/shocks/${shockId}/cancel`, body: { reason: '误报，撤回' }, shockIdOf: idOfIntake };
}

/** What an officer says of the shock while it is on its way. */
function wordOf({ then }: RoundPlan, shockId: string): Sending | undefined {
  if (then?.what === 'cancel') return cancelOf(shockId);
  if (then?.what !== 'end') return undefined;
  return { path: `/v1/shocks/${shockId}/end`, body: { reason: '冰雹已停' }, shockIdOf: idOfIntake };
}

export interface Taken {
  readonly shockId: string;
  readonly tries: number;
}

/** Sends until it is taken. Refuses an answer that no kill explains, and one that names no shock. */
export async function sendUntilTaken(client: HttpClient, { path, body, shockIdOf }: Sending): Promise<Taken> {
  const answer = await sendUntilAnswered(client, path, body);
  const shockId = shockIdOf(answer.body);
  if (shockId === undefined) throw new Failure(`POST ${path} names no shock: ${JSON.stringify(answer.body)}`);
  return { shockId, tries: answer.tries };
}
