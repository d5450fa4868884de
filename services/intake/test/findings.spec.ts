import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DwellingGrade, FindingKind, FindingState } from '@fangpin/contracts';
import { ELSEWHERE, IntakeWorld, OTHER_VILLAGE, VILLAGE, type Answer } from './support/intake-world.js';
import { idNumberOf } from './support/id-numbers.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await IntakeWorld.start();
});
afterAll(() => world.stop());

const PATH = '/v1/departments/health-insurance/findings';
const medical = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  kind: 'medical-spending',
  since: '2026-01-01',
  occurredOn: '2026-10-31',
  spentFen: 4_200_000,
  refundedFen: 1_800_000,
  ...change,
});
const push = (body: unknown, options: Parameters<IntakeWorld['request']>[2] = {}): Promise<Answer> =>
  world.request('POST', PATH, { body, ...options });
const errorsOf = ({ body }: Answer): unknown => body['errors'];

describe('a finding', () => {
  it('of a person becomes one of the household, with the next push of it a revision, and a repeat changes nothing', async () => {
    await world.known({ householdId: 11, idNumbers: [idNumberOf(1), idNumberOf(2)] });
    const first = await push(medical({ idNumber: idNumberOf(2).toLowerCase() }));
    expect(first).toMatchObject({ status: 202, body: { outcome: 'accepted', householdId: 11, problems: [] } });
    const { findingId, revision } = first.body as { findingId: string; revision: number };
    expect(await world.finding(findingId, revision)).toMatchObject({
      householdId: 11n,
      dutyCode: BigInt(VILLAGE),
      kind: FindingKind.MEDICAL_SPENDING,
      state: FindingState.RAISED,
      occurredOn: '2026-10-31',
      department: 'health-insurance',
      batchId: '',
      spentFen: 4_200_000n,
      refundedFen: 1_800_000n,
      spentSince: '2026-01-01',
    });
    expect((await push(medical({ idNumber: idNumberOf(2) }))).body).toMatchObject({
      findingId,
      revision,
      outcome: 'duplicate',
    });
    const next = await push(medical({ idNumber: idNumberOf(2), spentFen: 4_900_000, occurredOn: '2026-11-20' }));
    expect(next.body).toMatchObject({ findingId, outcome: 'updated', householdId: 11 });
    expect(await world.finding(findingId, Number(next.body['revision']))).toMatchObject({ spentFen: 4_900_000n });
    expect(world.heard.filter((one) => one.findingId === findingId)).toHaveLength(2);
  });

  it('of what was spent is of a year at most, as the income is that it is set beside', async () => {
    const longer = medical({ idNumber: idNumberOf(2), since: '2023-12-01', occurredOn: '2026-11-20' });
    const { status, body } = await push(longer);
    expect(status).toBe(400);
    expect(body['errors']).toEqual([
      { field: 'since', value: '2023-12-01', rule: expect.stringMatching(/2025-11-20 or later.*spending-period/) },
    ]);
    expect(errorsOf(await push({ ...longer, since: '2025-11-20', idNumber: idNumberOf(92) }))).toBeUndefined();
  });

  it('may name the household by its id, and carries what its kind has', async () => {
    await world.known({ householdId: 12 });
    const answer = await world.request('POST', '/v1/departments/housing/findings', {
      as: { department: 'housing' },
      body: { householdId: 12, kind: 'unsafe-house', occurredOn: '2026-11-03', houseGrade: 'D' },
    });
    expect(answer.body).toMatchObject({ outcome: 'accepted', householdId: 12 });
    const { findingId, revision } = answer.body as { findingId: string; revision: number };
    expect(await world.finding(findingId, revision)).toMatchObject({ houseGrade: DwellingGrade.D, spentSince: '' });
  });

  it('of someone unknown is kept, and matched by itself when the register learns of the person', async () => {
    const answer = await push(medical({ idNumber: idNumberOf(30) }));
    expect(answer).toMatchObject({
      status: 202,
      body: { outcome: 'unmatched', problems: [{ code: 'FINDING.PERSON_UNKNOWN' }] },
    });
    expect(answer.body).not.toHaveProperty('householdId');
    const { findingId, revision } = answer.body as { findingId: string; revision: number };
    await world.known({ householdId: 13, idNumbers: [idNumberOf(30)] });
    expect(await world.finding(findingId, revision + 1)).toMatchObject({ householdId: 13n });
    const read = await world.request('GET', `${PATH}/${findingId}`);
    expect(read.body).toMatchObject({ matched: true, householdId: 13, revision: revision + 1, problems: [] });
  });

  it('waits for a household that is still on its way, and for a person who is in two until that is settled', async () => {
    const early = await push(medical({ householdId: 14 }));
    expect(early.body).toMatchObject({ outcome: 'unmatched', problems: [{ code: 'FINDING.HOUSEHOLD_UNKNOWN' }] });
    await world.known({ householdId: 14, idNumbers: [idNumberOf(40)] });
    await world.known({ householdId: 15, idNumbers: [idNumberOf(40)] });
    expect(await world.finding(String(early.body['findingId']), Number(early.body['revision']) + 1)).toBeDefined();
    const twice = await push(medical({ idNumber: idNumberOf(40) }));
    expect(twice.body).toMatchObject({ problems: [{ code: 'FINDING.PERSON_IN_SEVERAL_HOUSEHOLDS' }] });
    await world.known({ householdId: 14, revision: 2 });
    const found = await world.finding(String(twice.body['findingId']), Number(twice.body['revision']) + 1);
    expect(found.householdId).toBe(15n);
  });

  it('follows its household when that moves, and stays with it when the person leaves', async () => {
    await world.known({ householdId: 16, idNumbers: [idNumberOf(50)] });
    const { body } = await push(medical({ idNumber: idNumberOf(50) }));
    await world.known({ householdId: 16, revision: 2, dutyCode: OTHER_VILLAGE });
    const at = { as: { region: '532327101', role: 'county-officer' } };
    expect((await world.request('GET', `${PATH}/${String(body['findingId'])}`, at)).status).toBe(200);
    const again = await push(medical({ idNumber: idNumberOf(50), spentFen: 5_000_000 }));
    expect(again.body).toMatchObject({ outcome: 'updated', householdId: 16 });
  });

  it('is corrected and taken back by who sent it when its household lives elsewhere, and names it to the new place alone', async () => {
    await world.known({ householdId: 24, idNumbers: [idNumberOf(51)], mainEarner: true });
    const { body } = await push(medical({ idNumber: idNumberOf(51) }));
    const { findingId, revision } = body as { findingId: string; revision: number };
    await world.known({
      householdId: 24,
      revision: 2,
      dutyCode: ELSEWHERE,
      idNumbers: [idNumberOf(51)],
      mainEarner: true,
    });
    const corrected = await push(medical({ idNumber: idNumberOf(51), spentFen: 2_500_000 }));
    expect(corrected).toMatchObject({
      status: 202,
      body: { findingId, outcome: 'updated', problems: [{ code: 'FINDING.HOUSEHOLD_ELSEWHERE' }] },
    });
    expect(corrected.body).not.toHaveProperty('householdId');
    expect(await world.finding(findingId, revision + 1)).toMatchObject({
      householdId: 24n,
      dutyCode: BigInt(ELSEWHERE),
      spentFen: 2_500_000n,
      ofEarner: true,
    });
    const url = `${PATH}/${findingId}`;
    const there = { as: { region: '532301' } };
    const reason = { body: { reason: '误报' } };
    expect((await world.request('GET', url)).body).toMatchObject({ matched: true, spentFen: 2_500_000 });
    expect((await world.request('GET', url)).body).not.toHaveProperty('householdId');
    expect((await world.request('GET', url, there)).body).toMatchObject({ householdId: 24 });
    expect((await world.request('GET', url, { as: { role: 'county-officer' } })).status).toBe(404);
    expect((await world.request('POST', `${url}/withdraw`, { ...reason, ...there })).status).toBe(403);
    const taken = await world.request('POST', `${url}/withdraw`, reason);
    expect(taken).toMatchObject({ status: 202, body: { state: 'withdrawn' } });
    expect(taken.body).not.toHaveProperty('householdId');
    expect(await world.finding(findingId, revision + 2)).toMatchObject({ state: FindingState.WITHDRAWN });
  });

  it('of a person whom the register had in a wrong household is of the right one once it is taken back and pushed again', async () => {
    await world.known({ householdId: 25, idNumbers: [idNumberOf(52)] });
    const { body } = await push(medical({ idNumber: idNumberOf(52) }));
    const { findingId, revision } = body as { findingId: string; revision: number };
    await world.known({ householdId: 25, revision: 2 });
    await world.known({ householdId: 26, idNumbers: [idNumberOf(52)] });
    expect((await push(medical({ idNumber: idNumberOf(52) }))).body).toMatchObject({
      outcome: 'duplicate',
      householdId: 25,
    });
    await world.request('POST', `${PATH}/${findingId}/withdraw`, { body: { reason: '户籍登记有误' } });
    const again = await push(medical({ idNumber: idNumberOf(52) }));
    expect(again.body).toMatchObject({ findingId, outcome: 'updated', householdId: 26 });
    expect(await world.finding(findingId, revision + 1)).toMatchObject({
      householdId: 25n,
      state: FindingState.WITHDRAWN,
    });
    expect(await world.finding(findingId, revision + 2)).toMatchObject({
      householdId: 26n,
      state: FindingState.RAISED,
    });
  });

  it('that is taken back and pushed again waits where the register has the person twice, or the household outside the area', async () => {
    await world.known({ householdId: 27, idNumbers: [idNumberOf(53)] });
    await world.known({ householdId: 28, idNumbers: [idNumberOf(54)] });
    const first = await Promise.all([53, 54].map((n) => push(medical({ idNumber: idNumberOf(n) }))));
    // The right household has him already, the wrong one has him still; the other one has moved away.
    await world.known({ householdId: 29, idNumbers: [idNumberOf(53)] });
    await world.known({ householdId: 28, revision: 2, dutyCode: ELSEWHERE, idNumbers: [idNumberOf(54)] });
    for (const [n, code] of [
      [53, 'FINDING.PERSON_IN_SEVERAL_HOUSEHOLDS'],
      [54, 'FINDING.PERSON_UNKNOWN'],
    ] as const) {
      const { findingId, revision } = first[n - 53]?.body as { findingId: string; revision: number };
      await world.request('POST', `${PATH}/${findingId}/withdraw`, { body: { reason: '户籍登记有误' } });
      const again = await push(medical({ idNumber: idNumberOf(n) }));
      expect(again.body).toMatchObject({ findingId, outcome: 'unmatched', problems: [{ code }] });
      expect(await world.finding(findingId, revision + 1)).toMatchObject({ state: FindingState.WITHDRAWN });
    }
    await world.known({ householdId: 27, revision: 2 });
    const { findingId, revision } = first[0]?.body as { findingId: string; revision: number };
    expect(await world.finding(findingId, revision + 3)).toMatchObject({ householdId: 29n });
  });

  it('keeps what the register said of the earner once the person has left, and what the sender said only as long as that says so', async () => {
    const path = '/v1/departments/disabled-persons-federation/findings';
    const disability = async (n: number, more: object) => {
      const body = { idNumber: idNumberOf(n), kind: 'disability', ...more };
      const answer = await world.request('POST', path, { body, as: { department: 'disabled-persons-federation' } });
      const { findingId, revision, outcome } = answer.body as { findingId: string; revision: number; outcome: string };
      return { outcome, ofEarner: (await world.finding(findingId, revision)).ofEarner };
    };
    await world.known({ householdId: 30, idNumbers: [idNumberOf(55)], mainEarner: true });
    await world.known({ householdId: 31, idNumbers: [idNumberOf(56)] });
    const told = { since: '2026-01-01', occurredOn: '2026-10-30' };
    expect(await disability(55, told)).toMatchObject({ outcome: 'accepted', ofEarner: true });
    expect(await disability(56, { ...told, ofEarner: true })).toMatchObject({ outcome: 'accepted', ofEarner: true });
    for (const householdId of [30, 31]) await world.known({ householdId, revision: 2 });
    const corrected = { ...told, occurredOn: '2026-10-31' };
    expect(await disability(55, corrected)).toEqual({ outcome: 'updated', ofEarner: true });
    expect(await disability(56, corrected)).toEqual({ outcome: 'updated', ofEarner: false });
  });

  it('is withdrawn with a reason, and raised again when it is pushed again', async () => {
    await world.known({ householdId: 17, idNumbers: [idNumberOf(60)] });
    const { body } = await push(medical({ idNumber: idNumberOf(60) }));
    const { findingId, revision } = body as { findingId: string; revision: number };
    const url = `${PATH}/${findingId}/withdraw`;
    expect(errorsOf(await world.request('POST', url, { body: {} }))).toMatchObject([{ field: 'reason' }]);
    const taken = await world.request('POST', url, { body: { reason: '报销尚未结算' } });
    expect(taken).toMatchObject({ status: 202, body: { state: 'withdrawn', withdrawnReason: '报销尚未结算' } });
    expect(await world.finding(findingId, revision + 1)).toMatchObject({ state: FindingState.WITHDRAWN });
    expect((await world.request('POST', url, { body: { reason: '再撤' } })).body).toMatchObject({
      revision: revision + 1,
      withdrawnReason: '报销尚未结算',
    });
    const again = await push(medical({ idNumber: idNumberOf(60) }));
    expect(again.body).toMatchObject({ outcome: 'updated', revision: revision + 2 });
    expect(await world.finding(findingId, revision + 2)).toMatchObject({ state: FindingState.RAISED });
  });

  it('that waits and is withdrawn is matched by nobody', async () => {
    const { body } = await push(medical({ idNumber: idNumberOf(70) }));
    const findingId = String(body['findingId']);
    await world.request('POST', `${PATH}/${findingId}/withdraw`, { body: { reason: '误报' } });
    await world.known({ householdId: 18, idNumbers: [idNumberOf(70)] });
    expect((await world.request('GET', `${PATH}/${findingId}`)).body).toMatchObject({
      state: 'withdrawn',
      matched: false,
    });
    expect(world.heard.some((one) => one.findingId === findingId)).toBe(false);
  });
});

describe('one person of whom two offices of a department tell', () => {
  const prefecture = { as: { region: '5323' } };

  it('has a finding of each, and each takes back its own alone', async () => {
    await world.known({ householdId: 23, idNumbers: [idNumberOf(91)] });
    const county = await push(medical({ idNumber: idNumberOf(91) }));
    const above = await push(medical({ idNumber: idNumberOf(91) }), prefecture);
    for (const { body } of [county, above]) expect(body).toMatchObject({ outcome: 'accepted', householdId: 23 });
    const [mine, theirs] = [county, above].map(({ body }) => String(body['findingId']));
    expect(mine).not.toBe(theirs);
    const reason = { body: { reason: '误报' } };
    for (const [id, as] of [
      [mine, prefecture],
      [theirs, {}],
    ])
      expect(
        await world.request('POST', `${PATH}/${String(id)}/withdraw`, { ...reason, ...(as as object) }),
      ).toMatchObject({
        status: 403,
        body: { code: 'ACCESS.SENDER' },
      });
    await world.request('POST', `${PATH}/${String(mine)}/withdraw`, reason);
    expect(await world.finding(String(mine), Number(county.body['revision']) + 1)).toMatchObject({
      state: FindingState.WITHDRAWN,
    });
    expect((await push(medical({ idNumber: idNumberOf(91) }), prefecture)).body).toMatchObject({
      outcome: 'duplicate',
      findingId: theirs,
    });
    expect((await world.request('GET', `${PATH}/${String(theirs)}`)).body).toMatchObject({ state: 'raised' });
  });

  it('is known again where the finding was stored under another id, before areas counted', async () => {
    const first = await push(medical({ idNumber: idNumberOf(91), since: '2025-12-01' }));
    const [old] = await world.rows<{ finding_id: string }>(
      'UPDATE findings SET finding_id = gen_random_uuid() WHERE finding_id = $1 RETURNING finding_id',
      [first.body['findingId']],
    );
    const again = await push(medical({ idNumber: idNumberOf(91), since: '2025-12-01', spentFen: 5_000_000 }));
    expect(again.body).toMatchObject({ findingId: old?.finding_id, outcome: 'updated' });
  });
});

describe('pushes at the same time', () => {
  it('are each answered, and one finding pushed fifty times is one', async () => {
    await world.known({ householdId: 19, idNumbers: [idNumberOf(80)] });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => push(medical({ idNumber: idNumberOf(80), spentFen: 3_000_000 + (i % 2) }))),
    );
    expect(new Set(answers.map(({ body }) => body['findingId'])).size).toBe(1);
    const rows = await world.rows('SELECT 1 FROM findings WHERE household_id = 19');
    expect(rows).toHaveLength(1);
    const others = await Promise.all(
      Array.from({ length: 50 }, (_, i) => push(medical({ idNumber: idNumberOf(100 + i) }))),
    );
    expect(others.every(({ status, body }) => status === 202 && body['outcome'] === 'unmatched')).toBe(true);
  });

  it('with an Idempotency-Key get the first answer, and no other body', async () => {
    const headers = { 'idempotency-key': 'push-1' };
    const body = medical({ householdId: 19 });
    const first = await push(body, { headers });
    expect(first.body).toMatchObject({ outcome: 'accepted' });
    expect((await push(body, { headers })).body).toEqual(first.body);
    expect((await push({ ...body, spentFen: 1 }, { headers })).status).toBe(400);
    expect((await push({ ...body, spentFen: 2_000_000 }, { headers })).body).toMatchObject({
      code: 'IDEMPOTENCY.KEY_REUSED',
    });
  });
});

describe('who may push and read', () => {
  it('is the department itself in its own area; officers read, others do not', async () => {
    await world.known({ householdId: 20, dutyCode: ELSEWHERE, idNumbers: [idNumberOf(90)] });
    const away = await push(medical({ idNumber: idNumberOf(90) }));
    expect(away.body).toMatchObject({ outcome: 'unmatched' });
    const there = await push(medical({ idNumber: idNumberOf(90) }), { as: { region: '532301' } });
    expect(there.body).toMatchObject({ outcome: 'accepted', householdId: 20 });
    const hidden = await push(medical({ idNumber: idNumberOf(90), spentFen: 9_000_000 }));
    expect(hidden.body).toMatchObject({ outcome: 'unmatched', findingId: away.body['findingId'] });
    expect(hidden.body['findingId']).not.toBe(there.body['findingId']);
    expect(hidden.body).not.toHaveProperty('householdId');
    expect((await push(medical({ householdId: 19 }), { as: { department: 'water' } })).body).toMatchObject({
      code: 'ACCESS.DEPARTMENT',
    });
    expect((await push(medical({ householdId: 19 }), { as: { role: 'county-officer' } })).status).toBe(403);
    const { body } = await push(medical({ householdId: 19, since: '2025-12-01' }));
    const url = `${PATH}/${String(body['findingId'])}`;
    expect((await world.request('GET', url, { as: { role: 'county-officer' } })).status).toBe(200);
    expect((await world.request('GET', url, { as: { role: 'county-officer', region: '532301' } })).status).toBe(404);
    expect((await world.request('GET', url, { as: { role: 'village-monitor' } })).status).toBe(403);
    const withdraw = await world.request('POST', `${url}/withdraw`, {
      body: { reason: '误报' },
      as: { region: '532301' },
    });
    expect(withdraw.status).toBe(404);
    expect(
      (await world.request('POST', '/v1/departments/alchemy/findings', { body: {}, as: { department: 'alchemy' } }))
        .status,
    ).toBe(404);
  });
});

describe('bad input', () => {
  it('is told field by field and stored nowhere', async () => {
    const before = await world.rows('SELECT count(*)::int AS n FROM findings');
    const wrong = await push({
      idNumber: '110105194912310021',
      householdId: 1,
      kind: 'water',
      occurredOn: '2027-01-01',
      nickname: '小王',
    });
    expect(wrong.status).toBe(400);
    expect(errorsOf(wrong)).toEqual([
      { field: 'nickname', value: null, rule: 'is not a known member' },
      { field: 'idNumber', value: null, rule: 'must be given, or householdId instead; one of the two' },
      { field: 'kind', value: 'water', rule: 'must be one of medical-spending' },
      { field: 'occurredOn', value: '2027-01-01', rule: 'must be a day (YYYY-MM-DD) from 2023-11-23 to 2026-11-22' },
    ]);
    const amounts = await push(medical({ idNumber: idNumberOf(1), refundedFen: 5_000_000, days: 3, since: undefined }));
    expect(errorsOf(amounts)).toMatchObject([
      { field: 'since' },
      { field: 'refundedFen', value: 5_000_000 },
      { field: 'days' },
    ]);
    for (const body of [[], undefined]) expect((await push(body)).status).toBe(400);
    expect(await world.rows('SELECT count(*)::int AS n FROM findings')).toEqual(before);
  });
});

describe('the document of the service', () => {
  it('names every path with who may call it', async () => {
    const { body } = await world.request('GET', '/openapi.json');
    const paths = Object.keys(body['paths'] as object).filter((path) => path.startsWith('/v1/'));
    expect(paths.sort()).toEqual(
      ['batches', 'batches/{batchId}', 'batches/{batchId}/errors', 'batches/{batchId}/withdraw']
        .concat(['findings', 'findings/{id}', 'findings/{id}/withdraw'])
        .map((path) => `/v1/departments/{department}/${path}`),
    );
  });
});

describe('personal data', () => {
  it('is in no table of the service', async () => {
    const tables = await world.rows<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    for (const { name } of tables) {
      const [row] = await world.rows<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${name} t WHERE t::text ~ '99000019'`,
      );
      expect([name, row?.n]).toEqual([name, 0]);
    }
    expect(
      JSON.stringify(world.heard, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/99000019/);
    expect(world.answers.join('\n')).not.toMatch(/99000019|1101051949/);
  });
});
