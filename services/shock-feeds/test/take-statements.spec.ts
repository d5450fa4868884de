/** Many messages of several feeds at once, on real PostgreSQL and Kafka. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { IntakeAnswer } from '../src/intake/answer.js';
import { digestOf } from '../src/intake/received.js';
import { TakeStatements, type StatementInHand } from '../src/intake/take-statements.js';
import type { Statement } from '../src/shocks/chain.rule.js';
import { ShockStore } from '../src/shocks/shock-store.js';
import { warningAlias } from '../src/shocks/warning-alias.js';
import { startShockApp, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const NOW = new Date();
const minutes = (n: number): Date => new Date(NOW.getTime() + n * 60_000);

interface Said {
  readonly name: string;
  readonly type?: Statement['type'];
  readonly at?: number;
  readonly references?: readonly string[];
  readonly aliases?: readonly string[];
  readonly origin?: StatementInHand['origin'];
  readonly headline?: string;
  readonly recorded?: boolean;
}

function said({
  name,
  type = 'alert',
  at = -10,
  references = [],
  aliases = [],
  origin = 'cap',
  ...rest
}: Said): StatementInHand {
  const closing = type === 'cancel' || type === 'lift';
  const headline = rest.headline ?? `暴雨橙色预警 ${name}`;
  return {
    origin,
    digest: digestOf(name + headline),
    received: { at: NOW, by: 'operator/spec' },
    recorded: rest.recorded ?? false,
    problems: [],
    statement: {
      key: `key:${name}`,
      identity: `id:${name}`,
      type,
      sent: minutes(at),
      references: references.map((reference) => `id:${reference}`),
      aliases,
      endsDueAt: minutes(240),
      ...(closing
        ? {}
        : {
            content: {
              kind: 'rainstorm',
              level: 3,
              observed: false,
              lane: 'notice',
              regions: ['532327' as RegionCode],
              onset: minutes(at),
              expires: minutes(240),
              headline,
              source: '永仁县气象台',
              policyVersion: 'p',
              judgedOn: '2026-07-18',
              damage: [],
            },
          }),
    },
  };
}

const take = (items: readonly StatementInHand[]): Promise<IntakeAnswer[]> =>
  service.app
    .get(Database)
    .transaction(cellScope('http:shocks'), (tx) => service.app.get(TakeStatements).takeAll(tx, items));

const stateOf = async (shockId: string): Promise<object> => {
  const [row] = await service.database.transaction(cellScope('http:shocks'), (tx) =>
    tx.query('SELECT state, ended_by, headline, merged_into FROM shocks WHERE shock_id = $1', [shockId]),
  );
  return row as object;
};

describe('many messages in one transaction', () => {
  it('become shocks with a revision and an event each, in order', async () => {
    const names = Array.from({ length: 700 }, () => randomUUID());
    const answers = await take(names.map((name) => said({ name })));
    expect(new Set(answers.map(({ shockId }) => shockId)).size).toBe(names.length);
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    const events = await service.events();
    const heard = new Set(events.map(({ shockId }) => shockId));
    expect(answers.every(({ shockId }) => heard.has(shockId as string))).toBe(true);
    expect((await take(names.map((name) => said({ name })))).every(({ outcome }) => outcome === 'duplicate')).toBe(
      true,
    );
    expect((await service.events()).length).toBe(events.length);
  });

  it('see each other: update, lifting and repeat of a chain in the same set', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    const answers = await take([
      said({ name: a }),
      said({ name: b, type: 'update', at: -5, references: [a], headline: '升级' }),
      said({ name: a }),
      said({ name: c, type: 'lift', at: -1, references: [a] }),
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['accepted', 'updated', 'duplicate', 'updated']);
    expect(new Set(answers.map(({ shockId }) => shockId)).size).toBe(1);
    expect(await stateOf(answers[0]?.shockId as string)).toMatchObject({
      state: 'ended',
      ended_by: 'lifted',
      headline: '升级',
    });
  });

  it('join two chains that a later one names together, and all their messages follow', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    const first = await take([said({ name: a }), said({ name: b })]);
    const [joined] = await take([said({ name: c, type: 'update', at: -1, references: [a, b] })]);
    expect(joined?.shockId).toBe(first[0]?.shockId);
    expect(await stateOf(first[1]?.shockId as string)).toMatchObject({
      state: 'ended',
      ended_by: 'taken-over',
      merged_into: joined?.shockId,
    });
    const [repeat] = await take([said({ name: b })]);
    expect(repeat).toMatchObject({ outcome: 'duplicate', shockId: joined?.shockId });
  });
});

describe('transactions that lock a little first and much later', () => {
  it('do not wait for each other for ever', async () => {
    const both = Array.from({ length: 2 }, () => {
      const items = Array.from({ length: 150 }, () => said({ name: randomUUID() }));
      return service.app.get(Database).transaction(cellScope('http:shocks'), async (tx) => {
        await service.app.get(ShockStore).lock(tx, [randomUUID()]);
        // Both share the gate by now.
        await new Promise((resolve) => setTimeout(resolve, 50));
        return service.app.get(TakeStatements).takeAll(tx, items);
      });
    });
    const answers = (await Promise.all(both)).flat();
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(300);
  });
});

describe('two messages that name one chain differently', () => {
  it('both count, also when they are taken at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [randomUUID(), randomUUID()];
      await take([said({ name: a }), said({ name: b, type: 'update', at: -9, references: [a] })]);
      const [one] = await Promise.all([
        take([said({ name: randomUUID(), type: 'update', at: -5, references: [a], headline: '较早' })]),
        take([said({ name: randomUUID(), type: 'lift', at: -3, references: [b] })]),
      ]);
      expect(await stateOf(one[0]?.shockId as string)).toMatchObject({
        state: 'ended',
        ended_by: 'lifted',
        headline: '较早',
      });
    }
  });
});

describe('one warning that several feeds carry', () => {
  const alias = (): string =>
    `${warningAlias({ region: '532327' as RegionCode, kind: 'rainstorm', level: 3, issued: minutes(-10) })}/${randomUUID()}`;

  it('is one shock, whichever feed comes first, also within one set', async () => {
    for (const together of [true, false]) {
      const aliases = [alias()];
      const items = (['snapshot', 'cap', 'list'] as const).map((origin) =>
        said({ name: randomUUID(), origin, aliases }),
      );
      const answers = together ? await take(items) : (await Promise.all(items.map((item) => take([item])))).flat();
      expect(new Set(answers.map(({ shockId }) => shockId)).size).toBe(1);
    }
  });

  it('stays two shocks where one feed says it twice under two names', async () => {
    const aliases = [alias()];
    const answers = await take([said({ name: randomUUID(), aliases }), said({ name: randomUUID(), aliases })]);
    expect(new Set(answers.map(({ shockId }) => shockId)).size).toBe(2);
  });
});

describe('the final state of a chain', () => {
  it('is the same whatever the order, the sets and the repeats in which its messages come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (order, size) => {
          const run = randomUUID();
          const name = (n: string): string => `${run}${n}`;
          const chain = [
            said({ name: name('a'), at: -10 }),
            said({ name: name('b'), type: 'update', at: -8, references: [name('a')], headline: '扩大' }),
            said({ name: name('c'), type: 'update', at: -6, references: [name('b')], headline: '升级' }),
            said({ name: name('d'), type: 'lift', at: -4, references: [name('c')] }),
          ];
          const shuffled = order.map((n) => chain[n % chain.length] as StatementInHand).concat(chain);
          for (let i = 0; i < shuffled.length; i += size) await take(shuffled.slice(i, i + size));
          const [last] = await take([said({ name: name('a') })]);
          expect(await stateOf(last?.shockId as string)).toMatchObject({
            state: 'ended',
            ended_by: 'lifted',
            headline: '升级',
          });
        },
      ),
      { numRuns: 15 },
    );
  });
});
