import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { topics } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually, testServers } from '@fangpin/testing';
import { decodeEvent, Outbox, type OutboxOptions, type OutboxSource, type OutgoingMessage } from '../src/index.js';
import { alertMessage, appliedTo, EffectHandler, run, TOWNSHIP } from './support/alert-batches.js';
import { FailingBus } from './support/failing-bus.js';
import { Follower } from './support/follower.js';
import { RunnerWorld } from './support/runner-world.js';

/** Runs from the build, as every process does; `npm test` builds first. */
const RELAY_CHILD = fileURLToPath(new URL('./support/relay-child.mjs', import.meta.url));

describe('the outbox', () => {
  const world = new RunnerWorld();
  beforeAll(() => world.begin());
  beforeEach(() => world.beginTest());
  afterEach(() => world.endTest());
  afterAll(() => world.end());

  const scope = cellScope('test');
  const leased = () => run(world.database, 'SELECT FROM outbox WHERE lease_until > clock_timestamp()');
  const unpublished = () => run(world.database, 'SELECT FROM outbox WHERE published_at IS NULL');

  function anOutbox(bus = world.bus(), options: OutboxOptions = {}): Outbox {
    const outbox = new Outbox(bus, world.database, { leaseMs: 600, relayEveryMs: 50, ...options });
    world.onEnd(() => Promise.race([outbox.close(), new Promise((resolve) => setTimeout(resolve, 500))]));
    return outbox;
  }

  const store = (outbox: Outbox, ...messages: OutgoingMessage[]) =>
    world.database.transaction(scope, (tx) => outbox.add(tx, topics.alert, messages));

  /** Revisions in the order the broker has them. */
  async function revisionsOnTheBus(): Promise<bigint[]> {
    const bus = world.bus();
    const ends = [...(await bus.endOffsets(topics.alert)).values()].reduce((sum, end) => sum + end, 0n);
    const follower = await new Follower(bus, 'reader', [topics.alert]).start();
    const messages = await eventually(() => {
      const seen = follower.batches.flatMap((batch) => batch.messages);
      expect(seen).toHaveLength(Number(ends));
      return seen;
    });
    return messages.map(({ value }) => decodeEvent(topics.alert, value).revision);
  }

  it('publishes what is live before what waits in bulk, when both were left behind', async () => {
    const gone = new FailingBus(world.bus());
    gone.away = true;
    const dying = anOutbox(gone.bus);
    for (const [topic, revision] of [
      [topics.alertBulk, 1],
      [topics.alert, 2],
      [topics.alertBulk, 3],
      [topics.alert, 4],
    ] as const)
      await world.database.transaction(scope, (tx) => dying.add(tx, topic, [alertMessage([1], revision)]));
    const bus = world.bus();
    const sent: [string, bigint][] = [];
    const survivor = anOutbox({
      ...bus,
      producer: async () => {
        const producer = await bus.producer();
        return {
          close: () => producer.close(),
          send: (topic, messages) => {
            for (const { value } of messages) sent.push([topic.name, decodeEvent(topics.alert, value).revision]);
            return producer.send(topic, messages);
          },
        };
      },
    });
    // All together: what is free first would go first.
    await eventually(async () => expect(await leased()).toBe(0));
    survivor.start();
    await eventually(async () => expect(await unpublished()).toBe(0));
    expect(sent).toEqual([
      [topics.alert.name, 2n],
      [topics.alert.name, 4n],
      [topics.alertBulk.name, 1n],
      [topics.alertBulk.name, 3n],
    ]);
  });

  it('marks what is sent with the moment at which it was acknowledged, however long that gathered', async () => {
    const bus = world.bus();
    let acknowledged = 0;
    const outbox = anOutbox(
      {
        ...bus,
        producer: async () => {
          const producer = await bus.producer();
          return {
            close: () => producer.close(),
            send: async (topic, messages) => {
              await producer.send(topic, messages);
              acknowledged = Date.now();
            },
          };
        },
      },
      { noteWithinMs: 1_500, leaseMs: 20_000, relayEveryMs: 60_000 },
    );
    await store(outbox, alertMessage([1], 1));
    await eventually(async () => expect(await unpublished()).toBe(0));
    const noted = Date.now();
    const [row] = await world.database.transaction(scope, (tx) =>
      tx.query<{ ms: number }>('SELECT (extract(epoch FROM published_at) * 1000)::float8 AS ms FROM outbox'),
    );
    // One machine, one clock: nearer to the acknowledgement than to the note.
    expect(Math.abs((row?.ms ?? 0) - acknowledged)).toBeLessThan(Math.abs((row?.ms ?? 0) - noted));
  });

  it('publishes what was committed, in order, and nothing that was rolled back', async () => {
    const outbox = anOutbox();
    await store(outbox, alertMessage([1], 1), alertMessage([1], 2));
    await expect(
      world.database.transaction(scope, async (tx) => {
        await outbox.add(tx, topics.alert, [alertMessage([1], 666)]);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await store(outbox, alertMessage([1], 3));
    await outbox.drained();
    expect(await revisionsOnTheBus()).toEqual([1n, 2n, 3n]);
    expect(await unpublished()).toBe(0);
  });

  it('keeps everything while the bus is away, and publishes it in the order of the key when it is back', async () => {
    const failing = new FailingBus(world.bus());
    const outbox = anOutbox(failing.bus);
    outbox.start();
    failing.away = true;
    for (let revision = 1; revision <= 20; revision += 1) await store(outbox, alertMessage([1], revision));
    await eventually(() => expect(outbox.health().state).toBe('waiting-for-bus'));
    expect(await unpublished()).toBe(20);
    failing.away = false;
    for (let revision = 21; revision <= 25; revision += 1) await store(outbox, alertMessage([1], revision));
    await outbox.drained();
    expect(outbox.health().state).toBe('publishing');
    expect(await revisionsOnTheBus()).toEqual(Array.from({ length: 25 }, (_, n) => BigInt(n + 1)));
    expect(await unpublished()).toBe(0);
  });

  it('sends again what a process had published when it died before marking it, and the consumer changes nothing', async () => {
    const dying = new FailingBus(world.bus());
    dying.dieAfterAcknowledgement = true;
    await store(anOutbox(dying.bus), alertMessage([1, 2], 1), alertMessage([1, 2], 2));
    const runner = await world.runner(new EffectHandler('one'));
    await eventually(async () => expect(await appliedTo(world.database)).toHaveLength(4));
    const before = await appliedTo(world.database);
    expect(await unpublished()).toBe(2);

    const survivor = anOutbox();
    survivor.start();
    await eventually(async () => expect(await unpublished()).toBe(0));
    await runner.waitUntilCaughtUp();
    expect(await revisionsOnTheBus()).toEqual([1n, 2n, 1n, 2n]);
    expect(await appliedTo(world.database)).toEqual(before);
  });

  it('sends again what a relay had published when kill -9 took it before the mark, and the consumer changes nothing', async () => {
    const gone = new FailingBus(world.bus());
    gone.away = true;
    await store(anOutbox(gone.bus), alertMessage([1, 2], 1), alertMessage([1, 2], 2));
    const child = spawn(
      process.execPath,
      [RELAY_CHILD, world.testDatabase.appUrl, testServers().brokers.join(','), world.prefix],
      { stdio: 'ignore' },
    );
    const signal = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
    expect(signal).toBe('SIGKILL');
    expect(await unpublished()).toBe(2);
    const runner = await world.runner(new EffectHandler('one'));
    await eventually(async () => expect((await appliedTo(world.database)).length).toBeGreaterThan(0));
    await runner.waitUntilCaughtUp();

    const survivor = anOutbox();
    survivor.start();
    await eventually(async () => expect(await unpublished()).toBe(0));
    await runner.waitUntilCaughtUp();
    const revisions = await revisionsOnTheBus();
    expect(revisions.length).toBeGreaterThan(2);
    expect(revisions.slice(-1)).toEqual([2n]);
    expect(await appliedTo(world.database)).toHaveLength(4);
  });

  it('hands its rows over at once when it is closed in order', async () => {
    const failing = new FailingBus(world.bus());
    failing.away = true;
    const leaving = anOutbox(failing.bus, { leaseMs: 3_600_000 });
    leaving.start();
    await store(leaving, alertMessage([1], 1));
    await leaving.close();
    const next = anOutbox();
    next.start();
    await eventually(async () => expect(await unpublished()).toBe(0));
    expect(await revisionsOnTheBus()).toEqual([1n]);
  });

  it('leaves a living process its rows, however long they take', async () => {
    const slow = new FailingBus(world.bus());
    slow.dieAfterAcknowledgement = true;
    const busy = anOutbox(slow.bus, { leaseMs: 1_000 });
    busy.start();
    await store(busy, alertMessage([1]));
    const other = new FailingBus(world.bus());
    const relay = anOutbox(other.bus, { leaseMs: 1_000 });
    relay.start();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(other.sends).toBe(0);
  });

  it('renders a reference again when what was in memory is gone, and tells its source once it is out', async () => {
    const told: unknown[] = [];
    const source: OutboxSource = {
      name: 'slice',
      async *render(ref) {
        await Promise.resolve();
        for (let n = 0; n < 1_200; n += 1) yield alertMessage([n + 1], Number(ref['revision']), `${TOWNSHIP}${n % 3}`);
      },
      published: (refs) => Promise.resolve(void told.push(...refs)),
    };
    const failing = new FailingBus(world.bus());
    failing.away = true;
    const outbox = anOutbox(failing.bus);
    outbox.registerSource(source);
    outbox.start();
    await world.database.transaction(scope, (tx) =>
      outbox.addReference(tx, {
        source: 'slice',
        ref: { revision: 7 },
        topic: topics.alert,
        messages: [alertMessage([1], 7)],
      }),
    );
    await eventually(() => expect(outbox.health().state).toBe('waiting-for-bus'));
    expect(told).toEqual([]);
    failing.away = false;
    await outbox.drained();
    expect(told).toEqual([{ revision: 7 }]);
    expect(await revisionsOnTheBus()).toHaveLength(1_200);
    expect(await run(world.database, 'SELECT FROM outbox')).toBe(1);
  });

  it('publishes a reference from memory and tells its source', async () => {
    const told: unknown[] = [];
    const outbox = anOutbox();
    outbox.registerSource({
      name: 'slice',
      render: () => {
        throw new Error('not needed');
      },
      published: (refs) => Promise.resolve(void told.push(...refs)),
    });
    await world.database.transaction(scope, (tx) =>
      outbox.addReference(tx, { source: 'slice', ref: { id: 1 }, topic: topics.alert, messages: [alertMessage([1])] }),
    );
    await outbox.drained();
    expect(told).toEqual([{ id: 1 }]);
    expect(await unpublished()).toBe(0);
  });

  it('goes on past a row that no broker takes, and keeps that one', async () => {
    const outbox = anOutbox();
    outbox.start();
    await store(outbox, { ...alertMessage([1], 1), value: new Uint8Array(3_000_000) });
    await store(outbox, alertMessage([1], 2));
    await eventually(async () => expect(await unpublished()).toBe(1));
    await outbox.drained();
    expect(await revisionsOnTheBus()).toEqual([2n]);
  });
});
