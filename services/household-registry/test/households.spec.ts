import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HouseholdGroup, HouseholdState, LivelihoodKind, MonitoringStatus } from '@fangpin/contracts';
import { shanghaiDay } from '@fangpin/domain-kit';
import { aHousehold, startRegistry, type RegistryApp } from './registry-app.js';

let registry: RegistryApp;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(async () => {
  await registry.close();
});

async function registered(changes: Record<string, unknown> = {}): Promise<{ id: number; etag: string }> {
  const { status, body } = await registry.request('POST', '/v1/households', { body: aHousehold(changes) });
  expect(status).toBe(201);
  return body as { id: number; etag: string };
}

async function tellings(id: number): Promise<{ change: string; actor: string }[]> {
  const database = await registry.database.open({ url: registry.database.adminUrl });
  return database.dataSource.query(
    'SELECT change, actor FROM household_history WHERE household_id = $1 ORDER BY revision',
    [id],
  );
}

describe('registering a household', () => {
  it('answers 201 with its id, and says its profile on the bus', async () => {
    const { id } = await registered();
    const profile = await registry.profileOf(id);
    expect(profile).toMatchObject({
      dutyCode: 532_327_101_201_000n,
      state: HouseholdState.ACTIVE,
      group: HouseholdGroup.LIFTED_OUT,
      persons: 3,
      labourers: 2,
      severelyDisabled: 1,
      migrantWorkers: 1,
      pupils: 1,
    });
    expect(
      profile.livelihoods.map(({ kind, product, placeCode, quantity }) => [kind, product, placeCode, quantity]),
    ).toEqual([
      [LivelihoodKind.CROP, 1, 532_327_101_201_000n, 235],
      [LivelihoodKind.ANIMAL, 100, 532_327_101_201_000n, 4],
      [LivelihoodKind.JOB, 200, 530_100_000_000_000n, 1],
    ]);
  });

  it('shows the household as it was told, with the names of places and products', async () => {
    const { id, etag } = await registered();
    const { status, headers, body } = await registry.request('GET', `/v1/households/${id}`);
    expect(status).toBe(200);
    expect(headers['etag']).toBe(etag);
    expect(body).toMatchObject({
      id,
      villageCode: '532327101201',
      state: 'active',
      monitoring: 'none',
      persons: 3,
      livelihoods: [
        { product: 'rice', name: '水稻', kind: 'crop', mu: 2.35 },
        { product: 'pig', name: '生猪', kind: 'animal', heads: 4 },
        { product: 'construction', kind: 'job', place: '5301', persons: 1 },
      ],
    });
    expect(body['villageName']).toContain('永仁县');
  });

  it('gives the first answer again under the same Idempotency-Key and registers nothing twice', async () => {
    const headers = { 'idempotency-key': 'repeat-me' };
    const first = await registry.request('POST', '/v1/households', { body: aHousehold(), headers });
    const again = await registry.request('POST', '/v1/households', { body: aHousehold(), headers });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    await registry.profileOf(first.body['id'] as number);
    expect(await tellings(first.body['id'] as number)).toHaveLength(1);
  });

  it('refuses the same Idempotency-Key with another household', async () => {
    const headers = { 'idempotency-key': 'mine' };
    await registry.request('POST', '/v1/households', { body: aHousehold(), headers });
    const other = await registry.request('POST', '/v1/households', { body: aHousehold({ dwelling: 'C' }), headers });
    expect(other.status).toBe(409);
    expect(other.body['code']).toBe('IDEMPOTENCY.KEY_REUSED');
  });

  it('finds the household again by its source key', async () => {
    const first = await registry.request('POST', '/v1/households', { body: aHousehold({ sourceKey: 'form:17' }) });
    const again = await registry.request('POST', '/v1/households', { body: aHousehold({ sourceKey: 'form:17' }) });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body['id']).toBe(first.body['id']);
  });

  it('keeps a source key apart from a caller who cannot see its household', async () => {
    await registry.request('POST', '/v1/households', { body: aHousehold({ sourceKey: 'form:18' }) });
    const body = aHousehold({ sourceKey: 'form:18', villageCode: '532327102201' });
    const other = await registry.request('POST', '/v1/households', { body, as: { region: '532327102' } });
    expect(other.status).toBe(409);
    expect(other.body['code']).toBe('HOUSEHOLD.SOURCE_KEY_TAKEN');
  });

  it('takes a village group as the place', async () => {
    const { id } = await registered({ villageCode: '532327101201003' });
    const { body } = await registry.request('GET', `/v1/households/${id}`);
    expect(body['villageCode']).toBe('532327101201003');
  });
});

describe('bad input', () => {
  const bad: readonly (readonly [string, Record<string, unknown>, string, string | RegExp])[] = [
    ['an unknown village', { villageCode: '532327999999' }, 'villageCode', 'must be a known village'],
    ['a county for a village', { villageCode: '532327' }, 'villageCode', 'must be a known village'],
    [
      'a household without a head',
      { members: [{ birthYear: 1980, sex: 'male', relation: 'son', labour: 'none' }] },
      'members',
      /exactly one/,
    ],
    ['no members', { members: [] }, 'members', /1/],
    [
      'a risk that will be removed',
      { monitoring: 'removed', monitoringSince: '2999-01-01' },
      'monitoringSince',
      /from 2020-03-01/,
    ],
    ['a day that is none', { monitoring: 'removed', monitoringSince: '2026-02-30' }, 'monitoringSince', /a day such/],
    ['nothing for a day', { monitoringSince: null }, 'monitoringSince', /text|string/],
    [
      'a birth in the future',
      { members: [{ birthYear: 2999, sex: 'male', relation: 'head', labour: 'none' }] },
      'members[0].birthYear',
      /year/,
    ],
    [
      'a worker who cannot work',
      {
        members: [
          { birthYear: 1990, sex: 'male', relation: 'head', labour: 'none', workMonths: 3, workBranch: 'services' },
        ],
      },
      'members[0].labour',
      /able to work/,
    ],
    [
      'months of work without a branch',
      { members: [{ birthYear: 1990, sex: 'male', relation: 'head', labour: 'ordinary', workMonths: 3 }] },
      'members[0].workBranch',
      /both or neither/,
    ],
    [
      'an unknown product',
      { livelihoods: [{ product: 'gold', mu: 1 }] },
      'livelihoods[0].product',
      'must be a known product',
    ],
    [
      'a crop counted in heads',
      { livelihoods: [{ product: 'rice', heads: 3 }] },
      'livelihoods[0].heads',
      /counted in mu/,
    ],
    ['a negative area', { livelihoods: [{ product: 'rice', mu: -2 }] }, 'livelihoods[0].mu', /0.01/],
    [
      'a place that is none',
      { livelihoods: [{ product: 'rice', mu: 2, place: '99' }] },
      'livelihoods[0].place',
      'must be a known area',
    ],
    [
      'an employer that has no such code',
      { livelihoods: [{ product: 'construction', persons: 1, employer: '914403007152672600' }] },
      'livelihoods[0].employer',
      /unified social credit code/,
    ],
    [
      'an employer of a field',
      { livelihoods: [{ product: 'rice', mu: 1, employer: '9144030071526726XG' }] },
      'livelihoods[0].employer',
      'belongs to jobs',
    ],
    ['a member that is not known', { phone: '13800000000' }, 'phone', 'is not a known member'],
    ['null for a group', { group: null }, 'group', /one of/],
  ];

  it.each(bad)('names the field of %s', async (_, changes, field, rule) => {
    const { status, headers, body } = await registry.request('POST', '/v1/households', { body: aHousehold(changes) });
    expect(status).toBe(400);
    expect(headers['content-type']).toContain('application/problem+json');
    const errors = body['errors'] as { field: string; rule: string }[];
    const own = errors.find((error) => error.field === field);
    expect(own?.rule).toEqual(typeof rule === 'string' ? rule : expect.stringMatching(rule));
  });

  it('tells the value of an unknown village, and stores nothing', async () => {
    const database = await registry.database.open({ url: registry.database.adminUrl });
    const count = (): Promise<[{ n: number }]> => database.dataSource.query('SELECT count(*) AS n FROM households');
    const before = await count();
    const { body } = await registry.request('POST', '/v1/households', {
      body: aHousehold({ villageCode: '532327101999' }),
    });
    expect(body['errors']).toEqual([{ field: 'villageCode', value: '532327101999', rule: 'must be a known village' }]);
    expect(await count()).toEqual(before);
  });
});

describe('changing a household', () => {
  it('moves it, and its members and livelihoods with it', async () => {
    const { id, etag } = await registered();
    const { status, headers, body } = await registry.request('PATCH', `/v1/households/${id}`, {
      body: { villageCode: '532327102201' },
      headers: { 'if-match': etag },
    });
    expect(status).toBe(200);
    expect(body['villageCode']).toBe('532327102201');
    expect(headers['etag']).not.toBe(etag);
    expect((await registry.profileOf(id, 2)).dutyCode).toBe(532_327_102_201_000n);
    const receiving = await registry.request('GET', `/v1/households/${id}`, { as: { region: '532327102' } });
    expect(receiving.body).toMatchObject({ persons: 3, livelihoods: [{ place: '532327101201' }, {}, {}] });
    expect((await tellings(id)).map((row) => row.change)).toEqual(['registered', 'moved']);
  });

  it('refuses a change without If-Match (428) and on an older revision (412)', async () => {
    const { id, etag } = await registered();
    const body = { dwelling: 'C' };
    expect((await registry.request('PATCH', `/v1/households/${id}`, { body })).status).toBe(428);
    expect(
      (await registry.request('PATCH', `/v1/households/${id}`, { body, headers: { 'if-match': etag } })).status,
    ).toBe(200);
    const stale = await registry.request('PATCH', `/v1/households/${id}`, {
      body: { dwelling: 'D' },
      headers: { 'if-match': etag },
    });
    expect(stale.status).toBe(412);
    expect((await registry.request('GET', `/v1/households/${id}`)).body['dwelling']).toBe('C');
  });

  it('replaces livelihoods whole', async () => {
    const { id, etag } = await registered();
    await registry.request('PATCH', `/v1/households/${id}`, {
      body: { livelihoods: [{ product: 'mango', mu: 3 }] },
      headers: { 'if-match': etag },
    });
    const profile = await registry.profileOf(id, 2);
    expect(profile.livelihoods.map(({ product, quantity }) => [product, quantity])).toEqual([[9, 300]]);
    expect(profile.persons).toBe(3);
  });

  it('names the firm that a job is with, shows it and says it', async () => {
    const { id, etag } = await registered();
    const job = { product: 'manufacturing', place: '4419', persons: 2, employer: '91441900FPDEM0001X' };
    const headers = { 'if-match': etag };
    const changed = await registry.request('PATCH', `/v1/households/${id}`, { body: { livelihoods: [job] }, headers });
    expect(changed).toMatchObject({ status: 200, body: { livelihoods: [{ ...job, kind: 'job' }] } });
    expect((await registry.profileOf(id, 2)).livelihoods).toMatchObject([{ product: 201, employer: job.employer }]);
  });

  it('keeps, shows and says since when a monitoring status holds, and refuses a removal before the risk', async () => {
    const { id, etag } = await registered({ monitoring: 'monitored', monitoringSince: '2025-06-01' });
    expect(await registry.profileOf(id)).toMatchObject({ monitoringSince: '2025-06-01' });
    const change = (body: object, match: string) =>
      registry.request('PATCH', `/v1/households/${id}`, { body, headers: { 'if-match': match } });
    const early = await change({ monitoring: 'removed', monitoringSince: '2025-05-31' }, etag);
    expect(early.status).toBe(400);
    expect(JSON.stringify(early.body)).toContain('must not be before 2025-06-01');
    const removed = await change({ monitoring: 'removed', monitoringSince: '2026-05-20' }, etag);
    expect(removed.body).toMatchObject({ monitoring: 'removed', monitoringSince: '2026-05-20' });
    const said = { monitoring: MonitoringStatus.REMOVED, monitoringSince: '2026-05-20' };
    expect(await registry.profileOf(id, 2)).toMatchObject(said);
    const again = await change({ monitoring: 'removed' }, String(removed.headers['etag']));
    expect(again).toMatchObject({ status: 200, headers: { etag: removed.headers['etag'] } });
    expect((await tellings(id)).map((row) => row.change)).toEqual(['registered', 'monitoring']);
  });

  it('counts a status that changes without a day from today, and knows no day of one that it registers', async () => {
    const { id, etag } = await registered({ monitoring: 'removed' });
    expect((await registry.profileOf(id)).monitoringSince).toBe('');
    const before = shanghaiDay(new Date());
    const { body } = await registry.request('PATCH', `/v1/households/${id}`, {
      body: { monitoring: 'monitored' },
      headers: { 'if-match': etag },
    });
    expect([before, shanghaiDay(new Date())]).toContain(body['monitoringSince']);
  });

  it('makes no revision of a change that changes nothing', async () => {
    const { id, etag } = await registered();
    const { headers } = await registry.request('PATCH', `/v1/households/${id}`, {
      body: { dwelling: 'B' },
      headers: { 'if-match': etag },
    });
    expect(headers['etag']).toBe(etag);
    expect(await tellings(id)).toHaveLength(1);
  });

  it('says a household that leaves as a state, not as a tombstone', async () => {
    const { id, etag } = await registered();
    await registry.request('PATCH', `/v1/households/${id}`, {
      body: { state: 'moved-out' },
      headers: { 'if-match': etag },
    });
    expect((await registry.profileOf(id, 2)).state).toBe(HouseholdState.MOVED_OUT);
  });

  it('lets nobody edit a household that has left, nor bring back a dissolved one', async () => {
    const { id, etag } = await registered();
    const left = await registry.request('PATCH', `/v1/households/${id}`, {
      body: { state: 'dissolved' },
      headers: { 'if-match': etag },
    });
    const match = { 'if-match': String(left.headers['etag']) };
    const edit = await registry.request('PATCH', `/v1/households/${id}`, { body: { dwelling: 'A' }, headers: match });
    expect([edit.status, edit.body['code']]).toEqual([409, 'HOUSEHOLD.NOT_ACTIVE']);
    const back = await registry.request('PATCH', `/v1/households/${id}`, { body: { state: 'active' }, headers: match });
    expect([back.status, back.body['code']]).toEqual([409, 'HOUSEHOLD.ACTION_NOT_ALLOWED']);
  });
});

describe('scope', () => {
  it('lets a township caseworker see the own township only', async () => {
    const own = await registered({ villageCode: '532327103201' });
    const other = await registered({ villageCode: '532327102202' });
    const as = { role: 'township-caseworker', region: '532327103' };
    expect((await registry.request('GET', `/v1/households/${own.id}`, { as })).status).toBe(200);
    expect((await registry.request('GET', `/v1/households/${other.id}`, { as })).status).toBe(404);
    const { body } = await registry.request('GET', '/v1/households', { as });
    const items = body['items'] as { villageCode: string }[];
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ villageCode }) => villageCode.startsWith('532327103'))).toBe(true);
  });

  it('answers a list outside the own area with 403, and a household registered there too', async () => {
    const as = { role: 'township-caseworker', region: '532327103' };
    const list = await registry.request('GET', '/v1/households?region=532327', { as });
    expect([list.status, list.body['code']]).toEqual([403, 'SCOPE.OUTSIDE']);
    const post = await registry.request('POST', '/v1/households', { body: aHousehold(), as });
    expect(post.status).toBe(403);
  });

  it('lets no household be moved out of the own area', async () => {
    const { id, etag } = await registered({ villageCode: '532327103201' });
    const move = await registry.request('PATCH', `/v1/households/${id}`, {
      body: { villageCode: '532327101201' },
      headers: { 'if-match': etag },
      as: { role: 'township-caseworker', region: '532327103' },
    });
    expect(move.status).toBe(403);
  });

  it('lets an auditor read and not write', async () => {
    const as = { role: 'auditor' };
    expect((await registry.request('GET', '/v1/households', { as })).status).toBe(200);
    expect((await registry.request('POST', '/v1/households', { body: aHousehold(), as })).status).toBe(403);
  });
});

describe('lists', () => {
  it('pages through an area without missing or repeating a household', async () => {
    const wanted = new Set<number>();
    for (let i = 0; i < 5; i += 1) wanted.add((await registered({ villageCode: '532327204201' })).id);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await registry.request('GET', `/v1/households?region=532327204&limit=2${query}`);
      seen.push(...(body['items'] as { id: number }[]).map(({ id }) => id));
      cursor = body['nextCursor'] as string | null;
    } while (cursor !== null);
    expect(seen).toEqual([...wanted].sort((a, b) => a - b));
  });

  it('refuses a forged cursor and an unknown id', async () => {
    expect((await registry.request('GET', '/v1/households?cursor=abc')).status).toBe(400);
    expect((await registry.request('GET', '/v1/households/abc')).status).toBe(400);
    expect((await registry.request('GET', '/v1/households/999999999')).status).toBe(404);
  });
});

describe('regions', () => {
  it('tells a region and the areas below it', async () => {
    const county = await registry.request('GET', '/v1/regions/532327');
    expect(county.body).toMatchObject({ code: '532327', name: '永仁县', level: 'county', parent: '5323' });
    const townships = await registry.request('GET', '/v1/regions/532327000000/children');
    expect((townships.body['items'] as unknown[]).length).toBe(7);
  });

  it('answers 404 for a code that no list holds and 400 for what is no code', async () => {
    expect((await registry.request('GET', '/v1/regions/532399')).status).toBe(404);
    expect((await registry.request('GET', '/v1/regions/abc')).status).toBe(400);
  });
});
