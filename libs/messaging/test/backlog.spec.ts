import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { BusUnavailable, consumerLags, keptBack, Outbox, type Bus, type ConsumerLag } from '../src/index.js';
import { alertMessage, EffectHandler, run } from './support/alert-batches.js';
import { FailingBus } from './support/failing-bus.js';
import { RunnerWorld } from './support/runner-world.js';

const GROUP = 'assistance-cases';

describe('what a service is behind with', () => {
  const world = new RunnerWorld();
  beforeAll(() => world.begin());
  beforeEach(() => world.beginTest());
  afterEach(() => world.endTest());
  afterAll(() => world.end());

  const followed = [{ group: GROUP, topics: [topics.alert] }];

  async function lag(bus: Bus = world.bus()): Promise<ConsumerLag | undefined> {
    const [only] = await consumerLags(bus, world.database, followed);
    return only;
  }

  /** The bus of a world in which every message was written so many seconds earlier. */
  function writtenEarlier(seconds: number): Bus {
    const bus = world.bus();
    return {
      ...bus,
      offsetsSince: (topic, instant) => bus.offsetsSince(topic, new Date(instant.getTime() + seconds * 1_000)),
    };
  }

  it('is everything that was sent, for a consumer that has never run', async () => {
    await world.send(alertMessage([1]), alertMessage([2], 1, '532327102'), alertMessage([3], 1, '532327103'));
    expect(await lag()).toMatchObject({ group: GROUP, behind: 3 });
  });

  it('is nothing once all is applied, and what came since once the consumer is gone', async () => {
    await world.send(alertMessage([1]), alertMessage([2], 1, '532327102'));
    const runner = await world.runner(new EffectHandler('one'));
    await runner.waitUntilCaughtUp();
    expect(await lag()).toEqual({ group: GROUP, topic: topics.alert, behind: 0, oldestSeconds: 0 });
    await runner.stop();
    await world.send(alertMessage([1], 2), alertMessage([1], 3));
    expect(await lag()).toMatchObject({ behind: 2, oldestSeconds: 0 });
  });

  it('is as old as its oldest message, within a factor of two, whatever was read before', async () => {
    const runner = await world.runner(new EffectHandler('one'));
    await world.send(alertMessage([1]));
    await runner.waitUntilCaughtUp();
    await runner.stop();
    expect(await lag(writtenEarlier(7_200))).toMatchObject({ behind: 0, oldestSeconds: 0 });
    await world.send(alertMessage([1], 2));
    expect(await lag(writtenEarlier(5))).toMatchObject({ behind: 1, oldestSeconds: 0 });
    expect(await lag(writtenEarlier(100))).toMatchObject({ behind: 1, oldestSeconds: 60 });
    expect(await lag(writtenEarlier(7_200))).toMatchObject({ behind: 1, oldestSeconds: 3_840 });
  });

  it('cannot be told while the brokers are away', async () => {
    const away: Bus = { ...world.bus(), endOffsets: () => Promise.reject(new BusUnavailable('a test', 'away')) };
    await expect(lag(away)).rejects.toBeInstanceOf(BusUnavailable);
  });

  it('is no row of the outbox when all was said, and every row with its age when the bus is away', async () => {
    const gone = new FailingBus(world.bus());
    const outbox = new Outbox(gone.bus, world.database, { relayEveryMs: 50 });
    world.onEnd(() => outbox.close());
    outbox.start();
    const say = () =>
      world.database.transaction(cellScope('test'), (tx) => outbox.add(tx, topics.alert, [alertMessage([1])]));
    await say();
    await eventually(async () => expect((await keptBack(world.database)).unpublished).toEqual([]));
    gone.away = true;
    await say();
    await say();
    await run(
      world.database,
      `UPDATE outbox SET created_at = created_at - interval '1 hour' WHERE published_at IS NULL`,
    );
    const { unpublished } = await keptBack(world.database);
    expect(unpublished).toEqual([{ topic: topics.alert.name, rows: 2, oldestSeconds: expect.any(Number) }]);
    expect(unpublished[0]?.oldestSeconds).toBeGreaterThanOrEqual(3_600);
    gone.away = false;
    await eventually(async () => expect((await keptBack(world.database)).unpublished).toEqual([]));
  });

  it('is each parked letter until somebody has resolved it', async () => {
    await run(world.database, 'INSERT INTO poisoned (household_id) VALUES (2)');
    const runner = await world.runner(new EffectHandler('one'));
    await world.send(alertMessage([1, 2, 3]));
    await runner.waitUntilCaughtUp();
    const { letters } = await keptBack(world.database);
    expect(letters).toMatchObject([{ consumer: GROUP, topic: topics.alert.name, letters: 1 }]);
    expect(await lag()).toMatchObject({ behind: 0 });
    await run(world.database, `UPDATE parked_letters SET status = 'dropped'`);
    expect((await keptBack(world.database)).letters).toEqual([]);
  });
});
