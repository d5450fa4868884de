import { describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import { silentLog } from '../log.js';
import { FlightDeck } from './flight-deck.js';
import type { Flight, OutboxPublisher, SentFlight } from './outbox-publisher.js';

const AN_HOUR_MS = 3_600_000;
const flight = (...ids: number[]): Flight => ({
  ids,
  topic: topics.alert,
  messages: ids.map((id) => ({ key: 'k', value: new Uint8Array(10), headers: { id: String(id) } })),
});
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

function aDeck(
  send: (flight: Flight) => Promise<void>,
  note: (flights: readonly SentFlight[]) => Promise<void> = () => Promise.resolve(),
  isAwaited: (flight: SentFlight) => boolean = () => true,
) {
  let grounded = 0;
  const publisher = { send, note, isAwaited } as unknown as OutboxPublisher;
  const deck = new FlightDeck(publisher, () => (grounded += 1), silentLog, AN_HOUR_MS);
  return { deck, groundings: () => grounded };
}

describe('the flight deck', () => {
  it('publishes in order, one at a time, also what arrives between two turns', async () => {
    const published: number[] = [];
    let flying = 0;
    const { deck } = aDeck(async ({ ids }) => {
      flying += 1;
      expect(flying).toBe(1);
      await turn();
      published.push(...ids);
      flying -= 1;
    });
    for (let id = 0; id < 50; id += 1) {
      deck.take(flight(id));
      if (id % 3 === 0) await turn();
      if (id % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await deck.empty();
    expect(published).toEqual(Array.from({ length: 50 }, (_, id) => id));
  });

  it('lets what is live overtake what waits in bulk, and keeps the order of both', async () => {
    const published: number[] = [];
    const { deck } = aDeck(({ ids }) => {
      published.push(...ids);
      return Promise.resolve();
    });
    const bulk = (...ids: number[]): Flight => ({ ...flight(...ids), topic: topics.alertBulk });
    for (const one of [bulk(1), bulk(2), flight(3), bulk(4), flight(5)]) deck.take(one);
    await deck.empty();
    expect(published).toEqual([3, 5, 1, 2, 4]);
  });

  it('leaves everything to the relay after a failure, until the relay has nothing left', async () => {
    const published: number[] = [];
    let broken = true;
    const { deck, groundings } = aDeck(({ ids }) => {
      if (broken) return Promise.reject(new Error('bus away'));
      published.push(...ids);
      return Promise.resolve();
    });
    deck.take(flight(1));
    await turn();
    await turn();
    expect(deck.grounded).toBe(true);
    expect(groundings()).toBe(1);
    broken = false;
    deck.beforeLook();
    deck.take(flight(2));
    expect(deck.lift()).toBe(false);
    deck.beforeLook();
    expect(deck.lift()).toBe(true);
    deck.take(flight(3));
    await deck.empty();
    expect(published).toEqual([3]);
  });

  it('sends on while what is sent is noted, many at once, and is empty when all is noted', async () => {
    const sent: number[] = [];
    const noted: number[][] = [];
    const gate = Promise.withResolvers<void>();
    const { deck } = aDeck(
      async ({ ids }) => {
        await turn();
        sent.push(...ids);
      },
      async (flights) => {
        await gate.promise;
        noted.push(flights.flatMap(({ ids }) => ids));
      },
    );
    for (const id of [1, 2, 3]) {
      deck.take(flight(id));
      for (let i = 0; i < 4; i += 1) await turn();
    }
    expect(sent).toEqual([1, 2, 3]);
    // What is not noted is still this process's: the relay must leave it alone.
    expect(deck.flying()).toEqual([1, 2, 3]);
    let empty = false;
    const emptied = deck.empty().then(() => (empty = true));
    await turn();
    expect(empty).toBe(false);
    gate.resolve();
    await emptied;
    expect(noted).toEqual([[1], [2, 3]]);
    expect(deck.flying()).toEqual([]);
  });

  it('lets what is sent gather until somebody waits for it, and notes all of it then', async () => {
    const noted: number[][] = [];
    const { deck } = aDeck(
      () => Promise.resolve(),
      (flights) => Promise.resolve(void noted.push(flights.flatMap(({ ids }) => ids))),
      ({ ids }) => ids.includes(3),
    );
    const sends = async (id: number): Promise<void> => {
      deck.take(flight(id));
      for (let i = 0; i < 4; i += 1) await turn();
    };
    await sends(1);
    await sends(2);
    expect(noted).toEqual([]);
    await sends(3);
    expect(noted).toEqual([[1, 2, 3]]);
    await sends(4);
    await deck.empty();
    await sends(5);
    await deck.close();
    expect(noted).toEqual([[1, 2, 3], [4], [5]]);
  });

  it('leaves what could not be noted to the relay, which sends it once more', async () => {
    const { deck, groundings } = aDeck(
      () => Promise.resolve(),
      () => Promise.reject(new Error('database away')),
    );
    deck.take(flight(1));
    for (let i = 0; i < 4; i += 1) await turn();
    expect(deck.grounded).toBe(true);
    expect(groundings()).toBe(1);
    expect(deck.flying()).toEqual([]);
  });
});
