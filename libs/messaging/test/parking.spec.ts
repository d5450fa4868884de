import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { topics, type AlertBatch } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { dropParked, listParked, NotYet, Outbox, replayParked, showParked, type EventHandler } from '../src/index.js';
import { alertMessage, appliedTo, EffectHandler, run, TOWNSHIP } from './support/alert-batches.js';
import { RunnerWorld } from './support/runner-world.js';
import { caseMessage } from './support/case-events.js';

const facts = { ...topics.alert, nature: 'fact' } as const;

describe('parking', () => {
  const world = new RunnerWorld();
  beforeAll(() => world.begin());
  beforeEach(() => world.beginTest());
  afterEach(() => world.endTest());
  afterAll(() => world.end());

  const poison = (household: number) => run(world.database, 'INSERT INTO poisoned VALUES ($1)', [household]);
  const heal = (household: number) => run(world.database, 'DELETE FROM poisoned WHERE household_id = $1', [household]);
  const letters = async () =>
    (await listParked(world.database, { all: true })).map(({ key, status }) => `${key} ${status}`);
  const households = async () => (await appliedTo(world.database)).map(([household]) => household);

  it('parks one poisoned household of a packed message and commits its neighbours', async () => {
    await poison(3);
    const handler = new EffectHandler('one');
    const runner = await world.runner(handler);
    await world.send(alertMessage([1, 2, 3, 4, 5]), alertMessage([6]));
    await runner.waitUntilCaughtUp();
    expect((await households()).sort()).toEqual([1, 2, 4, 5, 6]);
    const [letter] = await listParked(world.database);
    expect(letter).toMatchObject({
      key: `${TOWNSHIP}/3`,
      status: 'parked',
      errorCode: 'TypeError',
      attempts: 1,
      offset: 0,
    });
    expect(handler.parkedKeys).toEqual([`${TOWNSHIP}/3`]);
    const details = await showParked(world.database, letter?.id ?? 0);
    expect(details?.errorMessage).toMatch(/more than this handler can take/);
    expect(details?.headers['ce_type']).toBe(topics.alert.eventType);
    expect(runner.health().state).toBe('running');
  });

  it('parks bytes that are no event as they came, and goes on behind them', async () => {
    const runner = await world.runner(new EffectHandler('one'));
    const noise = { key: TOWNSHIP, value: Buffer.from([0xff, 0xff, 0xff]), headers: { ce_id: 'noise' } };
    await world.send(alertMessage([1]), noise, alertMessage([2]));
    await runner.waitUntilCaughtUp();
    expect(await households()).toEqual([1, 2]);
    const [letter] = await listParked(world.database);
    const details = await showParked(world.database, letter?.id ?? 0);
    expect(details).toMatchObject({ key: TOWNSHIP, decodable: false, headers: { ce_id: 'noise' } });
    expect(Buffer.from(details?.payload ?? []).toString('hex')).toBe('ffffff');
  });

  it('lets a newer state overtake a parked one, and a replay of the old one change nothing', async () => {
    await poison(1);
    const runner = await world.runner(new EffectHandler('one'));
    await world.send(alertMessage([1], 1));
    await runner.waitUntilCaughtUp();
    await heal(1);
    await world.send(alertMessage([1], 2));
    await runner.waitUntilCaughtUp();
    expect(await appliedTo(world.database)).toEqual([[1, 2]]);
    await replayParked(world.database, { all: true });
    await eventually(async () => expect(await letters()).toEqual([`${TOWNSHIP}/1 replayed`]));
    expect(await appliedTo(world.database)).toEqual([[1, 2]]);
  });

  it('keeps later facts of a key behind the parked one, and lets them go in order after a replay', async () => {
    await poison(1);
    const runner = await world.runner(new EffectHandler('one', facts));
    await world.send(alertMessage([1, 2], 1), alertMessage([1, 2], 2));
    await runner.waitUntilCaughtUp();
    await world.send(alertMessage([1, 2], 3));
    await runner.waitUntilCaughtUp();
    expect(await letters()).toEqual([`${TOWNSHIP}/1 parked`, `${TOWNSHIP}/1 waiting`, `${TOWNSHIP}/1 waiting`]);
    expect(await appliedTo(world.database)).toEqual([
      [2, 1],
      [2, 2],
      [2, 3],
    ]);
    await heal(1);
    await replayParked(world.database, { key: `${TOWNSHIP}/1` });
    await eventually(async () => expect((await letters()).every((letter) => letter.endsWith('replayed'))).toBe(true));
    expect((await appliedTo(world.database)).slice(3)).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
    await world.send(alertMessage([1], 4));
    await runner.waitUntilCaughtUp();
    expect((await appliedTo(world.database)).at(-1)).toEqual([1, 4]);
  });

  it('keeps facts behind bytes that could not be read, and lets them go when those are dropped', async () => {
    const runner = await world.runner(new EffectHandler('one', facts));
    await world.send({ key: TOWNSHIP, value: Buffer.from([0xff]), headers: {} }, alertMessage([1]), alertMessage([2]));
    await runner.waitUntilCaughtUp();
    expect(await households()).toEqual([]);
    const [head] = await listParked(world.database);
    await dropParked(world.database, { id: head?.id ?? 0 });
    await eventually(async () => expect(await households()).toEqual([1, 2]));
  });

  it('parks a replayed letter again when it still fails, with one more attempt', async () => {
    await poison(1);
    const runner = await world.runner(new EffectHandler('one'));
    await world.send(alertMessage([1]));
    await runner.waitUntilCaughtUp();
    const [id] = await replayParked(world.database, { all: true });
    await eventually(async () =>
      expect(await listParked(world.database, { id: id ?? 0 })).toMatchObject([{ status: 'parked', attempts: 2 }]),
    );
  });

  it('goes on behind a replayed letter that cannot be applied yet, and applies it once it can', async () => {
    for (const household of [1, 2]) await poison(household);
    const handler = new EffectHandler('one');
    const runner = await world.runner(handler);
    await world.send(alertMessage([1]), alertMessage([2]));
    await runner.waitUntilCaughtUp();
    for (const household of [1, 2]) await heal(household);
    let isHere = false;
    handler.before = (_, events) =>
      isHere || events.every(({ data }) => !data.householdIds.includes(1n))
        ? Promise.resolve()
        : Promise.reject(new NotYet('its policy is on its way'));
    await replayParked(world.database, { all: true });
    await eventually(async () => expect(await letters()).toEqual([`${TOWNSHIP}/1 replay`, `${TOWNSHIP}/2 replayed`]));
    isHere = true;
    await eventually(async () => expect(await letters()).toEqual([`${TOWNSHIP}/1 replayed`, `${TOWNSHIP}/2 replayed`]));
  });

  it('replays nothing unless it is told what', async () => {
    await expect(async () => replayParked(world.database, {})).rejects.toThrow(/name the letters/);
  });

  it('halts when too much is parked within a minute, and parks none of it', async () => {
    for (const household of [1, 2, 3, 4, 5]) await poison(household);
    const runner = await world.runner(new EffectHandler('one'), { mostParkedAMinute: 3 });
    await world.send(alertMessage([1, 2, 3, 4, 5, 6]));
    await eventually(() => expect(runner.health().state).toBe('halted'));
    expect(runner.health().reason).toMatch(/more than 3 letters/);
    expect(await letters()).toEqual([]);
    expect(await households()).toEqual([]);
  });

  it('publishes nothing of a part that was rolled back, and all of its neighbours', async () => {
    const bus = world.bus();
    const outbox = new Outbox(bus, world.database);
    world.onEnd(() => outbox.close());
    await poison(2);
    const effects = new EffectHandler('one');
    const handler: EventHandler<AlertBatch> = {
      topic: topics.alert,
      split: (event) => effects.split(event),
      async handle(events, tx) {
        for (const { data } of events)
          await outbox.add(
            tx,
            topics.case,
            data.householdIds.map((id) => caseMessage(String(id), Number(id))),
          );
        await effects.handle(events, tx);
      },
    };
    const runner = await world.runner(handler, { bus });
    await world.send(alertMessage([1, 2, 3]));
    await runner.waitUntilCaughtUp();
    await outbox.drained();
    const published = [...(await bus.endOffsets(topics.case)).values()].reduce((sum, end) => sum + end, 0n);
    expect(published).toBe(2n);
    expect(await run(world.database, 'SELECT FROM outbox')).toBe(2);
  });
});
