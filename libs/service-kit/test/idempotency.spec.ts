import { randomBytes } from 'node:crypto';
import { DomainError } from '@fangpin/domain-kit';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { epochOf, idempotent, idempotentSet, serviceKitMigrationsDir } from '../src/index.js';

const scope = cellScope('test');

describe('a POST with an Idempotency-Key', () => {
  let server: TestDatabase;
  let database: Database;
  let key: string;
  let done: number;

  beforeAll(async () => {
    server = await createTestDatabase('service-kit-test', { migrationsDirs: [serviceKitMigrationsDir] });
    database = await server.open();
  });
  afterAll(() => server.drop());

  const post = (
    body: unknown,
    options: { subject?: string; route?: string; fail?: boolean; wait?: Promise<void> } = {},
  ) =>
    database.transaction(scope, (tx) =>
      idempotent(
        tx,
        { key, route: options.route ?? 'POST /v1/x', caller: { subject: options.subject ?? 'officer' }, body },
        async () => {
          await options.wait;
          if (options.fail) throw new DomainError('X.REFUSED', 'conflict', 'no');
          done += 1;
          return { status: 201, body: { id: done } };
        },
      ),
    );
  const fresh = (): void => {
    key = randomBytes(8).toString('hex');
    done = 0;
  };

  it('is done once; the repeat gets the first answer, whatever the order of members', async () => {
    fresh();
    expect(await post({ a: 1, b: 2 })).toEqual({ status: 201, body: { id: 1 }, repeated: false });
    expect(await post({ b: 2, a: 1 })).toEqual({ status: 201, body: { id: 1 }, repeated: true });
    expect(done).toBe(1);
  });

  it('is refused with another body', async () => {
    fresh();
    await post({ a: 1 });
    await expect(post({ a: 2 })).rejects.toMatchObject({ code: 'IDEMPOTENCY.KEY_REUSED', kind: 'conflict' });
  });

  it('is done anew by another caller and on another route', async () => {
    fresh();
    await post({});
    await post({}, { subject: 'auditor' });
    await post({}, { route: 'POST /v1/y' });
    expect(done).toBe(3);
  });

  it('that was refused leaves no trace, so that it can be sent again', async () => {
    fresh();
    await expect(post({}, { fail: true })).rejects.toThrow('no');
    expect(await post({})).toMatchObject({ repeated: false });
  });

  const together = (requests: readonly (readonly [key: string | undefined, body: unknown])[]) =>
    database.transaction(scope, (tx) =>
      idempotentSet(
        tx,
        requests.map(([own, body]) => ({ key: own, route: 'POST /v1/x', caller: { subject: 'officer' }, body })),
        async (places) =>
          places.map((place) => {
            done += 1;
            return { status: 202, body: { place } };
          }),
      ),
    );

  it('among others of one transaction is done once, and each gets the answer of its own', async () => {
    fresh();
    const [a, b] = [`${key}-a`, `${key}-b`];
    const first = await together([
      [a, { n: 1 }],
      [undefined, {}],
      [b, { n: 2 }],
      [a, { n: 1 }],
      [b, { n: 3 }],
      [undefined, {}],
    ]);
    const place = (n: number): object => ({ status: 202, body: { place: n } });
    const reused: unknown = expect.objectContaining({ code: 'IDEMPOTENCY.KEY_REUSED' });
    expect(first).toEqual([place(0), place(1), place(2), place(0), reused, place(5)]);
    expect(done).toBe(4);
    const again = await together([
      [`${key}-c`, {}],
      [b, { n: 2 }],
      [a, { n: 9 }],
      [a, { n: 1 }],
    ]);
    expect(again).toEqual([place(0), place(2), reused, place(0)]);
    expect(done).toBe(5);
    key = a;
    expect(await post({ n: 1 })).toMatchObject({ repeated: true, body: { place: 0 } });
  });

  it('in two sets at once is done once, in whatever order they name the keys', async () => {
    fresh();
    const keys = Array.from({ length: 40 }, (_, n): [string, unknown] => [`${key}-${n}`, { n }]);
    const answers = await Promise.all([together(keys), together([...keys].reverse()), together(keys)]);
    expect(done).toBe(40);
    const [one, other, third] = answers;
    expect([...(other ?? [])].reverse()).toEqual(one);
    expect(third).toEqual(one);
  });

  it('sent twice at once is done once: the second waits for the first', async () => {
    fresh();
    let release = (): void => undefined;
    const wait = new Promise<void>((resolve) => (release = resolve));
    const both = Promise.all([post({}, { wait }), post({}, { wait })]);
    setImmediate(release);
    const answers = await both;
    expect(answers.map(({ body }) => body)).toEqual([{ id: 1 }, { id: 1 }]);
    expect(answers.map(({ repeated }) => repeated).toSorted()).toEqual([false, true]);
  });

  it('is refused when the key is no printable text', async () => {
    fresh();
    key = 'with space';
    await expect(post({})).rejects.toMatchObject({ kind: 'invalid' });
    key = 'x'.repeat(256);
    await expect(post({})).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('without a key is simply done', async () => {
    fresh();
    const request = { key: undefined, route: 'r', caller: { subject: 's' }, body: {} };
    const work = async () => ({ status: 200, body: null });
    const once = (tx: Tx) => idempotent(tx, request, work);
    expect(await database.transaction(scope, once)).toMatchObject({ repeated: false });
    expect(await database.transaction(scope, once)).toMatchObject({ repeated: false });
  });

  it('finds the epoch of its database', async () => {
    expect(await database.transaction(scope, epochOf)).toBe(1);
  });
});
