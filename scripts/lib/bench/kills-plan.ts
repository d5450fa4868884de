/** What happens in a round, drawn from the seed and the round's number alone: any round can be run again by itself. */
import { randomOf, type Random } from '../seed/prng.ts';
import type { EndOfProcess, ServerName } from '../servers/index.ts';
import type { ServiceName } from '../stack/index.ts';

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
  return {
    round,
    seed,
    shock,
    ...(what !== undefined && { then: { what, moment: random.next() } }),
    kill: planKill(random, instances, way),
    ...(server !== undefined && {
      server: { name: server, how: random.chance(0.5) ? 'crash' : 'orderly', moment: random.next() * way },
    }),
    recallAfter: random.chance(0.5),
    way,
    compares: random.chance(COMPARED),
  };
}

/** Number of a round's price fall, from 0. */
export function priceFallOf(round: number): number {
  return Math.floor(round / PRICE_FALLS_FROM);
}

function planKill(random: Random, instances: number, way: number): RoundPlan['kill'] {
  const service = random.pick(VICTIMS);
  const moment = random.next();
  // The fan-out has left these two behind after a moment.
  if ((service === 'shock-feeds' || service === 'gateway') && random.chance(0.6))
    return { service, instance: 1, moment: moment * 1.2, of: 'intake' };
  const several = service === 'risk-alerts' || service === 'assistance-cases';
  const instance = several ? random.between(1, instances) : 1;
  return { service, instance, moment: moment * way, of: 'fan-out' };
}

/** One line for people. */
export function describeRound({ round, shock, then, kill, server }: RoundPlan): string {
  const share = (moment: number): string => `${Math.round(moment * 100)} %`;
  return [
    `round ${round}: ${shock}`,
    ...(then === undefined ? [] : [`${then.what} at ${share(then.moment)}`]),
    `kill ${kill.service}${kill.instance > 1 ? `#${kill.instance}` : ''} at ${share(kill.moment)} of the ${kill.of}`,
    ...(server === undefined ? [] : [`${server.name} ${server.how} at ${share(server.moment)}`]),
  ].join(', ');
}
