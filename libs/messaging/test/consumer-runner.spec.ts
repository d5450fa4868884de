import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { ConsumerRunner, NotYet, progressOf } from '../src/index.js';
import { alertMessage, appliedTo, appliersOf, EffectHandler, run } from './support/alert-batches.js';
import { deleteRecordsBefore } from './support/broker-acts.js';
import { Follower } from './support/follower.js';
import { RunnerWorld } from './support/runner-world.js';

describe('the consumer runner', () => {
  const world = new RunnerWorld();
  beforeAll(() => world.begin());
  beforeEach(() => world.beginTest());
  afterEach(() => world.endTest());
  afterAll(() => world.end());

  it('does not even begin when the catalogue names its service and it has no handler', () => {
    const parts = { bus: world.bus(), database: world.database, service: 'assistance-cases' } as const;
    expect(() => new ConsumerRunner({ ...parts, handlers: [] })).toThrow(/has no handler/);
  });

  it('changes nothing twice when the same message comes five times', async () => {
    const message = alertMessage([1, 2, 3]);
    const runner = await world.runner(new EffectHandler('one'));
    await world.send(message, message, message);
    await runner.waitUntilCaughtUp();
    await world.send(message, message);
    await runner.waitUntilCaughtUp();
    expect(await appliedTo(world.database)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('merges what several partitions have brought into one transaction', async () => {
    const townships = Array.from({ length: 40 }, (_, n) => String(532327100 + n));
    await world.send(...townships.map((township, n) => alertMessage([n + 1], 1, township)));
    const handler = new EffectHandler('one');
    const runner = await world.runner(handler);
    await runner.waitUntilCaughtUp();
    expect(await appliedTo(world.database)).toHaveLength(40);
    expect(handler.calls).toBeLessThan(topics.alert.partitions);
  });

  it('goes on where the database is when Kafka has been told less, or more', async () => {
    await world.send(alertMessage([1]), alertMessage([2]), alertMessage([3]));
    const first = await world.runner(new EffectHandler('first'));
    await first.waitUntilCaughtUp();
    await first.stop();
    const [partition] = [...(await progressOf(world.database, 'assistance-cases', topics.alert))].find(
      ([, next]) => next === 3n,
    ) ?? [-1];
    for (const told of [0n, 1n]) {
      await tellKafka(told, partition);
      await world.send(alertMessage([4 + Number(told)]));
      const next = await world.runner(new EffectHandler('next'));
      await next.waitUntilCaughtUp();
      await next.stop();
    }
    // A database restored from a backup is behind: the revisions make the repeat harmless, and nothing is left out.
    await run(world.database, 'UPDATE consumer_progress SET next_offset = 1 WHERE topic = $2 AND partition_no = $1', [
      partition,
      topics.alert.name,
    ]);
    await run(world.database, 'DELETE FROM effects WHERE household_id = 3');
    const restored = await world.runner(new EffectHandler('restored'));
    await restored.waitUntilCaughtUp();
    expect((await appliedTo(world.database)).map(([household]) => household)).toEqual([1, 2, 3, 4, 5, 3]);
  });

  it('pauses while a failure passes by itself, and then goes on without having parked anything', async () => {
    const handler = new EffectHandler('one');
    let failures = 3;
    handler.before = async () => {
      if (failures-- > 0) throw new NotYet('policy 2027 is not here yet');
      return Promise.resolve();
    };
    const runner = await world.runner(handler);
    await world.running(runner);
    await world.send(alertMessage([1]));
    await eventually(() => expect(runner.health()).toEqual({ state: 'paused', reason: 'MESSAGING.NOT_YET' }));
    await runner.waitUntilCaughtUp();
    expect(runner.health().state).toBe('running');
    expect(await appliedTo(world.database)).toEqual([[1, 1]]);
    expect(await run(world.database, 'SELECT FROM parked_letters')).toBe(0);
  });

  it('repeats a transaction whose connection the database has cut', async () => {
    const handler = new EffectHandler('one');
    let cuts = 2;
    handler.before = async (tx) => {
      if (cuts-- > 0) await tx.execute('SELECT pg_terminate_backend(pg_backend_pid())');
    };
    const runner = await world.runner(handler);
    await world.send(alertMessage([1]));
    await runner.waitUntilCaughtUp();
    expect(await appliedTo(world.database)).toEqual([[1, 1]]);
  });

  it('throws away the batch of a member that froze before its transaction while another one went on', async () => {
    const gate = Promise.withResolvers<void>();
    const frozen = new EffectHandler('frozen');
    const database = await world.testDatabase.open();
    const transaction = database.transaction.bind(database);
    let freeze = false;
    database.transaction = async (scope, work) => {
      if (freeze) await gate.promise;
      return transaction(scope, work);
    };
    const zombie = await world.runner(frozen, { database, bus: world.bus(SOON_FORGOTTEN) });
    await world.running(zombie);
    freeze = true;
    await world.send(alertMessage([1, 2]));
    const other = await world.runner(new EffectHandler('other'), { bus: world.bus(SOON_FORGOTTEN) });
    await eventually(async () => expect(await appliersOf(world.database)).toEqual(['other', 'other']));
    await world.send(alertMessage([1, 2], 2));
    await eventually(async () => expect(await appliedTo(world.database)).toHaveLength(4));
    freeze = false;
    gate.resolve();
    await world.send(alertMessage([3]));
    await eventually(async () => expect(await appliedTo(world.database)).toHaveLength(5));
    expect((await appliedTo(world.database)).map(([household, revision]) => `${household}@${revision}`)).toEqual([
      '1@1',
      '2@1',
      '1@2',
      '2@2',
      '3@1',
    ]);
    expect(frozen.calls).toBe(0);
    expect(other.health().state).not.toBe('halted');
    expect(zombie.health().state).not.toBe('halted');
  });

  it('takes the transaction away from a member that froze inside it', async () => {
    const gate = Promise.withResolvers<void>();
    const frozen = new EffectHandler('frozen');
    frozen.before = () => gate.promise;
    const zombie = await world.runner(frozen, { bus: world.bus(SOON_FORGOTTEN), idleInTransactionMs: 1_500 });
    await world.running(zombie);
    await world.send(alertMessage([1, 2]));
    await eventually(() => expect(frozen.calls).toBe(1));
    await world.runner(new EffectHandler('other'), { bus: world.bus(SOON_FORGOTTEN) });
    await eventually(async () => expect(await appliersOf(world.database)).toEqual(['other', 'other']));
    gate.resolve();
    await eventually(() => expect(zombie.health().state).toBe('running'));
    expect(await appliersOf(world.database)).toEqual(['other', 'other']);
  });

  it('halts when progress belongs to another cluster', async () => {
    await passedThrough(alertMessage([1]));
    await run(world.database, "UPDATE consumer_progress SET cluster_id = 'another'");
    const runner = await world.runner(new EffectHandler('next'));
    await eventually(() => expect(runner.health()).toMatchObject({ state: 'halted', reason: /another/ }));
  });

  it('halts when the partition ends before the progress: messages were lost', async () => {
    await passedThrough(alertMessage([1]));
    await run(world.database, 'UPDATE consumer_progress SET next_offset = 999');
    const runner = await world.runner(new EffectHandler('next'));
    await eventually(() => expect(runner.health().state).toBe('halted'));
    expect(runner.health().reason).toMatch(/messages were lost/);
    await expect(runner.waitUntilCaughtUp()).rejects.toThrow(/messages were lost/);
  });

  it('halts when messages were deleted before it has applied them', async () => {
    await passedThrough(alertMessage([1]));
    await world.send(alertMessage([2]), alertMessage([3]));
    await deleteRecordsBefore(world.prefix, topics.alert, 3n);
    const runner = await world.runner(new EffectHandler('next'));
    await eventually(() => expect(runner.health().state).toBe('halted'));
    expect(runner.health().reason).toMatch(/gone before they were applied/);
    expect(await appliedTo(world.database)).toEqual([[1, 1]]);
  });

  const SOON_FORGOTTEN = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 1_000 };

  async function passedThrough(...messages: ReturnType<typeof alertMessage>[]): Promise<void> {
    await world.send(...messages);
    const runner = await world.runner(new EffectHandler('first'));
    await runner.waitUntilCaughtUp();
    await runner.stop();
  }

  /** Kafka's own note of the group's offset, which tools show. */
  async function tellKafka(offset: bigint, partition: number): Promise<void> {
    const bus = world.bus();
    const follower = new Follower(bus, 'assistance-cases', [topics.alert]);
    follower.onBatch = () => Promise.reject(new Error('only here to tell'));
    await follower.start();
    await eventually(() => expect(follower.assignments).toHaveLength(1));
    follower.subscription.mirror(topics.alert, partition, offset);
    await bus.close();
  }
});
