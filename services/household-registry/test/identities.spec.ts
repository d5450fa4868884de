import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type HouseholdIdentities } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { decodeEvent, Outbox, type OutgoingMessage } from '@fangpin/messaging';
import { cellScope, Database } from '@fangpin/persistence';
import { identityHash } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { IdentityBatchSource } from '../src/bulk/identity-batch.source.js';
import { aHousehold, startRegistry, TEST_IDENTITY_KEY, type Answer, type RegistryApp } from './registry-app.js';

const HEAD = '11010519491231002X';
const SPOUSE = '440524188001010014';

let registry: RegistryApp;
const heard: HouseholdIdentities[] = [];
const answers: Answer[] = [];
let stopListening: () => Promise<void>;

beforeAll(async () => {
  registry = await startRegistry();
  const subscription = await registry.bus.subscribe({
    group: `spec-${Math.random().toString(36).slice(2)}`,
    topics: [topics.identity],
    onAssigned: async () => undefined,
    onBatch: async ({ messages }) => {
      for (const { value } of messages) heard.push(decodeEvent(topics.identity, value) as HouseholdIdentities);
    },
    onCrash: () => undefined,
  });
  stopListening = () => subscription.close();
});
afterAll(async () => {
  await stopListening();
  await registry.close();
});

const withNumbers = (head?: unknown, spouse?: unknown): Record<string, unknown> => {
  const household = aHousehold();
  const [first, second, third] = household['members'] as Record<string, unknown>[];
  return {
    ...household,
    members: [
      { ...first, ...(head === undefined ? {} : { idNumber: head }) },
      { ...second, ...(spouse === undefined ? {} : { idNumber: spouse }) },
      third,
    ],
  };
};

async function request(...args: Parameters<RegistryApp['request']>): Promise<Answer> {
  const answer = await registry.request(...args);
  answers.push(answer);
  return answer;
}

/** Waits until so many states of a household are on the topic and answers the last. */
const identitiesOf = (id: unknown, states = 1): Promise<HouseholdIdentities> =>
  eventually(() => {
    const own = heard.filter(({ householdId }) => householdId === BigInt(id as number));
    const last = own.at(-1);
    if (last === undefined || own.length < states) throw new Error(`${own.length} states heard`);
    return last;
  });

describe('the identities of a household', () => {
  it('are said as keyed hashes with each revision, and kept when members are changed without their numbers', async () => {
    const { status, body } = await request('POST', '/v1/households', { body: withNumbers(HEAD.toLowerCase(), SPOUSE) });
    expect(status).toBe(201);
    const first = await identitiesOf(body['id']);
    expect(first).toMatchObject({ dutyCode: 532_327_101_201_000n, members: [{ memberNo: 1 }, { memberNo: 2 }] });
    expect(Buffer.from(first.members[0]?.idHash ?? [])).toEqual(identityHash(TEST_IDENTITY_KEY, HEAD));
    expect(first.members[0]?.mainEarner).toBeUndefined();

    const read = await request('GET', `/v1/households/${body['id'] as number}`);
    expect((read.body['members'] as object[])[0]).not.toHaveProperty('idNumber');
    const members = (read.body['members'] as object[]).slice(0, 2).map((one) => ({ ...one, chronic: true }));
    const patched = await request('PATCH', `/v1/households/${body['id'] as number}`, {
      body: { members },
      headers: { 'if-match': String(read.headers['etag']) },
    });
    expect(patched.status).toBe(200);
    const next = await identitiesOf(body['id'], 2);
    expect(next.revision).toBeGreaterThan(first.revision);
    expect(next.members).toEqual(first.members);
  });

  it('say since when somebody belongs to the household, and keep it until it is corrected', async () => {
    const household = withNumbers(HEAD);
    const [first, ...others] = household['members'] as Record<string, unknown>[];
    const members = [{ ...first, since: '2020-03-01' }, ...others];
    const bad = {
      ...household,
      members: [
        { ...first, since: '1947-12-31' },
        { ...others[0], since: '2026-2-30' },
      ],
    };
    const refused = await request('POST', '/v1/households', { body: bad });
    expect(refused.body['errors']).toMatchObject([
      { field: 'members[0].since', value: '1947-12-31' },
      { field: 'members[1].since', value: '2026-2-30' },
    ]);
    const { body } = await request('POST', '/v1/households', { body: { ...household, members } });
    expect((await identitiesOf(body['id'])).members).toMatchObject([{ memberNo: 1, since: '2020-03-01' }]);
    const url = `/v1/households/${body['id'] as number}`;
    const change = async (since: object): Promise<unknown> => {
      const { headers } = await request('GET', url);
      const told = [{ ...first, chronic: true, idNumber: HEAD, ...since }, ...others];
      await request('PATCH', url, { body: { members: told }, headers: { 'if-match': String(headers['etag']) } });
      return ((await request('GET', url)).body['members'] as object[])[0];
    };
    expect(await change({})).toMatchObject({ chronic: true, since: '2020-03-01' });
    expect(await change({ since: '2019-01-01' })).toMatchObject({ since: '2019-01-01' });
    expect((await identitiesOf(body['id'], 3)).members).toMatchObject([{ since: '2019-01-01' }]);
  });

  it('are said of households without any number too, so that they can be named by their id', async () => {
    const { body } = await request('POST', '/v1/households', { body: aHousehold() });
    expect(await identitiesOf(body['id'])).toMatchObject({ members: [] });
  });

  it('are refused where the check digit is wrong or two members share one, without telling the number back', async () => {
    const wrong = await request('POST', '/v1/households', {
      body: withNumbers('110105194912310021', 11010519491231002),
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body['errors']).toEqual([{ field: 'members[1].idNumber', value: null, rule: 'must be a string' }]);
    const digit = await request('POST', '/v1/households', { body: withNumbers('110105194912310021') });
    expect(digit.body['errors']).toMatchObject([{ field: 'members[0].idNumber', value: null }]);
    const shared = await request('POST', '/v1/households', { body: withNumbers(HEAD, HEAD) });
    expect(shared.body['errors']).toMatchObject([{ field: 'members[1].idNumber', value: null }]);
    const noList = await request('POST', '/v1/households', { body: { ...aHousehold(), members: { idNumber: HEAD } } });
    expect(noList.status).toBe(400);
  });

  it('hold a repeat with an Idempotency-Key to the same numbers', async () => {
    const headers = { 'idempotency-key': 'identities-1' };
    const first = await request('POST', '/v1/households', { body: withNumbers(HEAD), headers });
    expect((await request('POST', '/v1/households', { body: withNumbers(HEAD), headers })).body).toEqual(first.body);
    expect((await request('POST', '/v1/households', { body: withNumbers(SPOUSE), headers })).status).toBe(409);
  });

  it('are published anew for a range of households that an outbox row names', async () => {
    const { body } = await request('POST', '/v1/households', { body: withNumbers(HEAD) });
    await identitiesOf(body['id']);
    const admin = await registry.database.open({ url: registry.database.adminUrl });
    await admin.dataSource.query(
      `INSERT INTO outbox (topic, source, ref, leased_by, lease_until)
       VALUES ('registry.identity.v1', 'identity-batch', jsonb_build_object('from', $1::bigint, 'to', $1::bigint),
               gen_random_uuid(), clock_timestamp())`,
      [body['id']],
    );
    const again = await identitiesOf(body['id'], 2);
    expect(again.members).toHaveLength(1);
  });

  it('stand on the topic as they are now, though the household was changed while its range was being sent', async () => {
    const { body } = await request('POST', '/v1/households', { body: withNumbers(HEAD) });
    const id = Number(body['id']);
    await identitiesOf(id);
    const source = new IdentityBatchSource(COUNTRY, registry.app.get(Outbox));
    const database = registry.app.get(Database);
    const rendered: OutgoingMessage[] = [];
    for await (const message of source.render({ from: id, to: id }, database)) rendered.push(message);
    const read = await request('GET', `/v1/households/${id}`);
    const members = (withNumbers(HEAD, SPOUSE)['members'] as object[]).slice(0, 2);
    await request('PATCH', `/v1/households/${id}`, {
      body: { members },
      headers: { 'if-match': String(read.headers['etag']) },
    });
    expect((await identitiesOf(id, 2)).members).toHaveLength(2);
    // What was rendered before the change is acknowledged behind it.
    const producer = await registry.bus.producer();
    await producer.send(topics.identity, rendered);
    await producer.close();
    expect((await identitiesOf(id, 3)).members).toHaveLength(1);
    await database.transaction(cellScope('test'), (tx) => source.published([{ from: id, to: id }], tx));
    expect((await identitiesOf(id, 4)).members).toHaveLength(2);
  });

  it('leave the number itself nowhere: in no table, message or answer', async () => {
    const admin = await registry.database.open({ url: registry.database.adminUrl });
    const tables: { name: string }[] = await admin.dataSource.query(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    for (const { name } of tables) {
      const rows = await admin.dataSource.query(`SELECT count(*)::int AS n FROM ${name} t WHERE t::text ~ $1`, [
        '19491231002|188001010014',
      ]);
      expect([name, rows[0]?.n]).toEqual([name, 0]);
    }
    expect(JSON.stringify(answers)).not.toMatch(/19491231002|188001010014/);
  });
});
