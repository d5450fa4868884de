/** What happens in a round, drawn from the seed and the round's number alone: any round can be run again by itself. */
import { shanghaiDay } from '@fangpin/domain-kit';
import { randomOf, type Random } from '../seed/prng.ts';
import type { EndOfProcess, ServerName } from '../servers/index.ts';
import type { ServiceName } from '../stack/index.ts';
import { julyBefore } from './july.ts';

/** What may be said of a shock while its fan-out is on its way. */
export type WhatFollows = 'cancel' | 'correction' | 'end';

export interface RoundPlan {
  readonly round: number;
  readonly seed: number;
  readonly shock: 'hail' | 'price-fall';
  /** What is sent while the shock's fan-out is on its way. */
  readonly then?: { readonly what: WhatFollows; readonly moment: number };
  readonly kill: {
    readonly service: ServiceName;
    readonly instance: number;
    /** Share of what intake, or the whole way from the POST to the settled ledger, usually takes. */
    readonly moment: number;
    readonly of: 'intake' | 'fan-out';
  };
  readonly server?: { readonly name: ServerName; readonly how: EndOfProcess; readonly moment: number };
  /** Whether shock and findings are called off once they have been looked at, so that the next one finds no case of them. */
  readonly recallAfter: boolean;
  /** How many times as long as usual the way is: a withdrawal or a second fan-out makes it longer. */
  readonly way: number;
  /** A policy that is released before, and applied backwards while the shock is on its way; absent in most rounds. */
  readonly applies?: { readonly alertFrom: number; readonly moment: number };
  /** Whether the services are asked at the end to compare what they hold: of ever more shocks, so not each time. */
  readonly compares: boolean;
}

/** Those at work in a fan-out are killed more often; the others must not matter, which is shown too. */
const VICTIMS: readonly (readonly [ServiceName, number])[] = [
  ['risk-alerts', 30],
  ['assistance-cases', 30],
  ['intake', 18],
  ['shock-feeds', 14],
  ['gateway', 8],
  ['household-registry', 9],
  ['income-monitoring', 9],
];
const PRICE_FALLS_FROM = 7;
/** Each price fall of a run is of a series of its own; see kills-shocks.ts. */
export const PRICE_FALLS = 20;
/** Those at work where a policy is applied backwards. */
const JUDGES: readonly (readonly [ServiceName, number])[] = [
  ['risk-alerts', 50],
  ['shock-feeds', 25],
  ['assistance-cases', 25],
];
/** Rounds that are judged again together, by the last of them. */
const GROUP = 6;
/** Blue and orange, by turns: what is raised by one is taken back by the other. */
const ALERT_FROM = [3, 1] as const;
const HAIL_DAYS = 17;
const FINDING_DAYS = 7;
const DAY_MS = 86_400_000;
const LONGER_WAY = 1.6;
const COMPARED = 0.2;

export function planRound(seed: number, round: number, instances: number): RoundPlan {
  const random = randomOf(`${seed}/${round}`);
  const shock = round % PRICE_FALLS_FROM === 3 && round < PRICE_FALLS * PRICE_FALLS_FROM ? 'price-fall' : 'hail';
  const what = random.pick<WhatFollows | undefined>([
    ['cancel', 25],
    ['correction', shock === 'hail' ? 20 : 0],
    // A price shock is ended by its prices alone.
    ['end', shock === 'hail' ? 15 : 0],
    [undefined, 40],
  ]);
  const server = random.pick<ServerName | undefined>([
    ['kafka', 25],
    ['postgres', 12],
    ['redis', 5],
    [undefined, 58],
  ]);
  // An end asks for nothing that was not under way.
  const way = what === undefined || what === 'end' ? 1 : LONGER_WAY;
  const applies = isLastOfGroup(round)
    ? { alertFrom: ALERT_FROM[groupOf(round) % ALERT_FROM.length] as number, moment: random.next() * 0.5 }
    : undefined;
  return {
    round,
    seed,
    shock,
    ...(what !== undefined && { then: { what, moment: random.next() } }),
    ...(applies !== undefined && { applies }),
    kill: planKill(random, instances, way, applies === undefined ? VICTIMS : JUDGES),
    ...(server !== undefined && {
      server: { name: server, how: random.chance(0.5) ? 'crash' : 'orderly', moment: random.next() * way },
    }),
    // What is to be judged again next must stand.
    recallAfter: random.chance(0.5) && !isLastOfGroup(round + 1),
    way,
    compares: random.chance(COMPARED),
  };
}

/** Number of a round's price fall, from 0. */
export function priceFallOf(round: number): number {
  return Math.floor(round / PRICE_FALLS_FROM);
}

function isLastOfGroup(round: number): boolean {
  return round > 0 && round % GROUP === 0;
}

/** Of the rounds before the first, all the same. */
function groupOf(round: number): number {
  return round > 0 ? Math.floor((round - 1) / GROUP) : -1;
}

/** When it hailed in a round, day of July, and how many days before yesterday its findings happened: the same for a group. */
export function daysOf(round: number): { readonly hail: number; readonly found: number } {
  const group = groupOf(round);
  return group < 0 ? { hail: HAIL_DAYS + 1, found: 0 } : { hail: 1 + (group % HAIL_DAYS), found: group % FINDING_DAYS };
}

interface Span {
  readonly since: string;
  readonly until: string;
}

/** The days of a round's group, for an application; with `all` those of every round, so that a round run by itself finds something. */
export function groupDays(round: number, now: Date, all: boolean): { readonly hail: Span; readonly found: Span } {
  const own = daysOf(round);
  const july = (day: number): string => `${julyBefore(now)}-${String(day).padStart(2, '0')}`;
  const back = (days: number): string => shanghaiDay(new Date(now.getTime() - (1 + days) * DAY_MS));
  return {
    hail: { since: july(all ? 1 : own.hail), until: july(all ? HAIL_DAYS + 1 : own.hail) },
    found: { since: back(all ? FINDING_DAYS : own.found), until: back(all ? 0 : own.found) },
  };
}

function planKill(
  random: Random,
  instances: number,
  way: number,
  victims: readonly (readonly [ServiceName, number])[],
): RoundPlan['kill'] {
  const service = random.pick(victims);
  const moment = random.next();
  // The fan-out has left these two behind after a moment.
  if ((service === 'shock-feeds' || service === 'gateway') && random.chance(0.6))
    return { service, instance: 1, moment: moment * 1.2, of: 'intake' };
  const several = service === 'risk-alerts' || service === 'assistance-cases';
  const instance = several ? random.between(1, instances) : 1;
  return { service, instance, moment: moment * way, of: 'fan-out' };
}

/** One line for people. */
export function describeRound({ round, shock, then, applies, kill, server }: RoundPlan): string {
  const share = (moment: number): string => `${Math.round(moment * 100)} %`;
  return [
    `round ${round}: ${shock}`,
    ...(then === undefined ? [] : [`${then.what} at ${share(then.moment)}`]),
    ...(applies === undefined ? [] : [`policy applied backwards at ${share(applies.moment)}`]),
    `kill ${kill.service}${kill.instance > 1 ? `#${kill.instance}` : ''} at ${share(kill.moment)} of the ${kill.of}`,
    ...(server === undefined ? [] : [`${server.name} ${server.how} at ${share(server.moment)}`]),
  ].join(', ');
}
