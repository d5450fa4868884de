import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import { eventually, testServers, uniquePrefix } from '@fangpin/testing';
import { BusRefused, BusUnavailable, type Bus, type BusSettings } from '../src/index.js';
import { CuttingProxy } from './support/cutting-proxy.js';
import { Follower, message } from './support/follower.js';

const topic = topics.shock;

/** What every adapter of the bus must do, on a real broker. */
export function busPortSuite(adapter: string, createBus: (settings: BusSettings) => Bus): void {
  describe(`the bus through ${adapter}`, () => {
    let prefix: string;
    let open: Bus[];
    const openBus = (more: Partial<BusSettings> = {}): Bus => {
      const bus = createBus({ brokers: testServers().brokers, clientId: 'port-suite', prefix, ...more });
      open.push(bus);
      return bus;
    };

    beforeEach(async () => {
      prefix = uniquePrefix();
      open = [];
      await openBus().ensureTopics([topic]);
    });
    afterEach(async () => {
      for (const bus of open.reverse()) await bus.close();
    });

    it('brings what was sent, with its headers, in the order of each key', async () => {
      const bus = openBus();
      const producer = await bus.producer();
      const sent = Array.from({ length: 3_000 }, (_, n) => message(`key-${n % 7}`, String(n), { ce_id: `id-${n}` }));
      await Promise.all([producer.send(topic, sent.slice(0, 1_500)), producer.send(topic, sent.slice(1_500))]);
      const follower = await new Follower(bus, 'order', [topic]).start();
      await eventually(() => expect(follower.texts).toHaveLength(3_000));
      for (let key = 0; key < 7; key += 1)
        expect(follower.textsOf(`key-${key}`)).toEqual(
          sent.filter((one) => one.key === `key-${key}`).map((one) => one.value.toString()),
        );
      const [first] = follower.batches.flatMap(({ messages }) => messages);
      expect(first?.headers['ce_id']).toMatch(/^id-\d+$/);
    });

    it('hands out one batch of a partition at a time, each beginning where the one before ended', async () => {
      const bus = openBus();
      const producer = await bus.producer();
      const follower = new Follower(bus, 'one-at-a-time', [topic]);
      follower.onBatch = () => new Promise((resolve) => setTimeout(resolve, 5));
      await follower.start();
      for (let n = 0; n < 60; n += 1) await producer.send(topic, [message(`key-${n % 9}`, String(n))]);
      await eventually(() => expect(follower.texts).toHaveLength(60));
      expect(follower.mostAtOnce).toBe(1);
      for (const partition of [0, 1, 2]) {
        const own = follower.batches.filter((batch) => batch.partition === partition);
        let next = 0n;
        for (const batch of own) {
          expect(batch.fetchedFrom).toBe(next);
          next = batch.nextOffset;
        }
      }
    });

    it('brings a rejected batch again, and nothing behind it before', async () => {
      const bus = openBus();
      const producer = await bus.producer();
      await producer.send(topic, [message('a', '1'), message('a', '2')]);
      let refusals = 3;
      const follower = new Follower(bus, 'rejected', [topic]);
      follower.onBatch = () => (refusals-- > 0 ? Promise.reject(new Error('not now')) : Promise.resolve());
      await follower.start();
      await producer.send(topic, [message('a', '3')]);
      await eventually(() => expect(follower.texts).toEqual(['1', '2', '3']));
    });

    it('starts where it is sought to when it joins, and goes where it is sought to later', async () => {
      const bus = openBus();
      const producer = await bus.producer();
      await producer.send(
        topic,
        Array.from({ length: 10 }, (_, n) => message('a', String(n))),
      );
      const follower = new Follower(bus, 'seek', [topic]);
      const partition = [...(await bus.endOffsets(topic))].find(([, end]) => end === 10n)?.[0] ?? -1;
      follower.onAssigned = (subscription) => subscription.seek(topic, partition, 6n);
      await follower.start();
      await eventually(() => expect(follower.texts).toEqual(['6', '7', '8', '9']));
      follower.subscription.seek(topic, partition, 8n);
      await eventually(() => expect(follower.texts).toEqual(['6', '7', '8', '9', '8', '9']));
    });

    it('brings nothing of a paused partition until it is resumed', async () => {
      const bus = openBus();
      const producer = await bus.producer();
      const follower = await new Follower(bus, 'pause', [topic]).start();
      await producer.send(topic, [message('a', 'before')]);
      await eventually(() => expect(follower.texts).toEqual(['before']));
      const partition = follower.batches[0]?.partition ?? -1;
      follower.subscription.pause(topic, partition);
      await producer.send(topic, [message('a', 'meanwhile')]);
      const elsewhere = ['b', 'c', 'd', 'e', 'f'].map((key) => message(key, 'elsewhere'));
      await producer.send(topic, elsewhere);
      await eventually(() => expect(follower.texts).toContain('elsewhere'));
      expect(follower.texts).not.toContain('meanwhile');
      follower.subscription.resume(topic, partition);
      await eventually(() => expect(follower.texts).toContain('meanwhile'));
    });

    it('knows where each partition begins and ends', async () => {
      const bus = openBus();
      await (await bus.producer()).send(topic, [message('a', '1'), message('a', '2')]);
      const ends = await bus.endOffsets(topic);
      expect([...ends.keys()]).toEqual([0, 1, 2]);
      expect([...ends.values()].sort()).toEqual([0n, 0n, 2n]);
      expect([...(await bus.startOffsets(topic)).values()]).toEqual([0n, 0n, 0n]);
    });

    it('knows where each partition was at an instant, and its end for one that nothing was written since', async () => {
      const bus = openBus();
      const producer = await bus.producer();
      const before = new Date(Date.now() - 60_000);
      await producer.send(topic, [message('a', '1'), message('a', '2')]);
      expect([...(await bus.offsetsSince(topic, before)).values()].sort()).toEqual([0n, 0n, 0n]);
      const later = new Date(Date.now() + 60_000);
      expect([...(await bus.offsetsSince(topic, later)).values()].sort()).toEqual([0n, 0n, 2n]);
    });

    it('makes topics once and refuses one that has another number of partitions', async () => {
      const bus = openBus();
      await bus.ensureTopics([topic]);
      await expect(bus.ensureTopics([{ ...topic, partitions: 5 }])).rejects.toBeInstanceOf(BusRefused);
      expect(await bus.clusterId()).toEqual(await openBus().clusterId());
    });

    it('shares the partitions between two members and loses nothing when one leaves', async () => {
      const producer = await openBus().producer();
      const [first, second] = [openBus(), openBus()];
      const one = await new Follower(first, 'shared', [topic]).start();
      await eventually(() => expect(one.assignments.at(-1)).toHaveLength(3));
      const two = await new Follower(second, 'shared', [topic]).start();
      await eventually(() => {
        const both = [...(one.assignments.at(-1) ?? []), ...(two.assignments.at(-1) ?? [])];
        expect(two.assignments.length).toBeGreaterThan(0);
        expect(both.sort()).toEqual([0, 1, 2].map((partition) => `${topic.name}/${partition}`));
      });
      for (let n = 0; n < 30; n += 1) await producer.send(topic, [message(`key-${n}`, String(n))]);
      await first.close();
      for (let n = 30; n < 60; n += 1) await producer.send(topic, [message(`key-${n}`, String(n))]);
      await eventually(() => {
        const seen = new Set([...one.texts, ...two.texts].map(Number));
        expect(seen.size).toBe(60);
      });
      expect(two.assignments.at(-1)).toHaveLength(3);
    });

    it('loses nothing when the line is cut after the broker has stored and before it has answered', async () => {
      const proxy = new CuttingProxy();
      try {
        const producer = await openBus({ dial: proxy.dial }).producer();
        const sent: string[] = [];
        const send = async (text: string): Promise<void> => {
          await producer.send(topic, [message('a', text)]);
          sent.push(text);
        };
        await send('warm');
        for (let n = 0; n < 12; n += 1) {
          if (n % 3 === 0) proxy.cutNextAnswers(1 + (n % 2) * 2);
          await send(String(n));
        }
        expect(proxy.cuts).toBeGreaterThanOrEqual(4);
        const follower = await new Follower(openBus(), 'cut', [topic]).start();
        await eventually(() => expect(new Set(follower.textsOf('a'))).toEqual(new Set(sent)));
        // Repeats may stand behind; the first time each is seen is in order.
        expect([...new Set(follower.textsOf('a'))]).toEqual(sent);
      } finally {
        proxy.close();
      }
    });

    it('says that the bus is not available, and what it is given next arrives although the broker had stored the last', async () => {
      const proxy = new CuttingProxy();
      try {
        const producer = await openBus({ dial: proxy.dial, sendPatienceMs: 300 }).producer();
        await producer.send(topic, [message('a', 'warm')]);
        proxy.cutNextAnswers(1_000_000);
        await expect(producer.send(topic, [message('a', 'lost?')])).rejects.toBeInstanceOf(BusUnavailable);
        proxy.cutNextAnswers(0);
        await producer.send(topic, [message('a', 'back')]);
        const follower = await new Follower(openBus(), 'back', [topic]).start();
        // A producer that went on under its rolled-back sequence numbers would have 'back' taken for a repeat of 'lost?'.
        await eventually(() => expect(follower.textsOf('a')).toContain('back'));
        expect(follower.textsOf('a')).toContain('lost?');
      } finally {
        proxy.close();
      }
    });

    it('refuses a message that no broker takes, without repeating it', async () => {
      const producer = await openBus().producer();
      await expect(
        producer.send(topic, [{ key: 'a', value: new Uint8Array(3_000_000), headers: {} }]),
      ).rejects.toBeInstanceOf(BusRefused);
    });
  });
}
