import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FindingState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { IntakeWorld, type Answer } from './support/intake-world.js';
import { idNumberOf } from './support/id-numbers.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await IntakeWorld.start();
  for (let i = 0; i < 4; i += 1) await world.known({ householdId: 100 + i, idNumbers: [idNumberOf(i)] });
});
afterAll(() => world.stop());

const PATH = '/v1/departments/health-insurance/batches';
const NDJSON = { 'content-type': 'application/x-ndjson' };
const CSV = { 'content-type': 'text/csv; charset=utf-8' };
const HEADER = 'idNumber,kind,since,occurredOn,spentFen,refundedFen';

const line = (person: number, spentFen = 4_200_000): string =>
  JSON.stringify({
    idNumber: idNumberOf(person),
    kind: 'medical-spending',
    since: '2026-01-01',
    occurredOn: '2026-10-31',
    spentFen,
  });
const send = (body: string, headers: Record<string, string> = NDJSON): Promise<Answer> =>
  world.request('POST', PATH, { body, headers });

async function sent(body: string, headers?: Record<string, string>): Promise<string> {
  const { status, body: answer } = await send(body, headers);
  expect([status, answer]).toEqual([202, { batchId: expect.any(String) }]);
  return String(answer['batchId']);
}

const batch = async (id: string): Promise<Record<string, unknown>> =>
  (await world.request('GET', `${PATH}/${id}`)).body;
const inState = (id: string, state: string): Promise<Record<string, unknown>> =>
  eventually(async () => {
    const now = await batch(id);
    if (now['state'] !== state) throw new Error(`the batch is ${String(now['state'])}`);
    return now;
  });

/** Findings of one person as they are stored. */
const findingsOf = (
  household: number,
): Promise<{ state: number; spent_fen: number; stated_in_batch: string | null }[]> =>
  world.rows('SELECT state, spent_fen::int, stated_in_batch FROM findings WHERE household_id = $1', [household]);

describe('a batch', () => {
  it('is checked row by row, worked off, and says what became of its rows', async () => {
    const id = await sent(
      [line(0), line(900), '', '{broken', line(1).replace('medical-spending', 'water'), line(0, 4_300_000)].join('\n'),
    );
    expect(await inState(id, 'done')).toMatchObject({ rows: 5, matched: 2, unmatched: 1, rejected: 2, findings: 2 });
    expect((await world.request('GET', `${PATH}/${id}/errors`)).body).toEqual({
      items: [
        { row: 4, column: '', code: 'ROW.UNREADABLE', message: expect.any(String) },
        { row: 5, column: 'kind', code: 'ROW.INVALID_VALUE', message: 'must be one of medical-spending' },
      ],
      nextCursor: null,
    });
    expect(await findingsOf(100)).toEqual([{ state: 1, spent_fen: 4_300_000, stated_in_batch: id }]);
    const first = (await world.request('GET', `${PATH}/${id}/errors?limit=1`)).body;
    const next = await world.request('GET', `${PATH}/${id}/errors?limit=1&cursor=${String(first['nextCursor'])}`);
    expect(next.body).toMatchObject({ items: [{ row: 5 }], nextCursor: null });
  });

  it('keeps a bill of more than a year out with its reason, and takes the rest', async () => {
    const longer = line(1).replace('2026-01-01', '2025-10-30');
    const id = await sent([line(900), longer].join('\n'));
    expect(await inState(id, 'done')).toMatchObject({ rows: 2, unmatched: 1, rejected: 1 });
    expect((await world.request('GET', `${PATH}/${id}/errors`)).body['items']).toEqual([
      {
        row: 2,
        column: 'since',
        code: 'ROW.INVALID_VALUE',
        message: expect.stringContaining('must be 2025-10-31 or later'),
      },
    ]);
  });

  it('takes no row that says a member twice, or nests without end', async () => {
    const twice = line(901).replace('{', '{"spentFen":1,');
    const deep = `{"kind":${'['.repeat(9_000)}${']'.repeat(9_000)}}`;
    const id = await sent([line(902), twice, deep].join('\n'));
    expect(await inState(id, 'done')).toMatchObject({ rows: 3, unmatched: 1, rejected: 2 });
    expect((await world.request('GET', `${PATH}/${id}/errors`)).body['items']).toEqual([
      { row: 2, column: 'spentFen', code: 'ROW.UNREADABLE', message: 'must be given once' },
      { row: 3, column: 'kind', code: 'ROW.UNREADABLE', message: 'must nest at most 64 levels deep' },
    ]);
  });

  it('may be a sheet in UTF-8 or in GB 18030, with refunds and empty cells', async () => {
    const id = await sent(
      `\uFEFF${HEADER}\r\n${idNumberOf(1)},高额医疗费用,2026-01-01,2026-10-31,3000000,\r\n"${idNumberOf(2)}",medical-spending,2026-01-01,2026-10-31,x,1\r\n`,
      CSV,
    );
    expect(await inState(id, 'done')).toMatchObject({ rows: 2, matched: 1, rejected: 1, findings: 1 });
    expect((await world.request('GET', `${PATH}/${id}/errors`)).body['items']).toMatchObject([
      { row: 2, column: 'spentFen' },
    ]);
    const wrongCharset = await send(`${HEADER}\n\u00ff`, { 'content-type': 'text/csv; charset=klingon' });
    expect(wrongCharset).toMatchObject({ status: 400, body: { code: 'BATCH.UNREADABLE' } });
  });

  it('is one when it is sent twice, also at once, and another when the first was withdrawn', async () => {
    const body = line(2, 5_000_000);
    const [id, again] = await Promise.all([sent(body), sent(body)]);
    expect(again).toBe(id);
    await inState(id, 'done');
    expect(await sent(body)).toBe(id);
    await world.request('POST', `${PATH}/${id}/withdraw`, { body: { reason: '口径有误' } });
    await inState(id, 'withdrawn');
    const later = await sent(body);
    expect(later).not.toBe(id);
    await inState(later, 'done');
    expect(await findingsOf(102)).toEqual([{ state: 1, spent_fen: 5_000_000, stated_in_batch: later }]);
    const headers = { ...NDJSON, 'idempotency-key': 'batch-1' };
    const keyed = await sent(line(901), headers);
    expect(await sent(line(901), headers)).toBe(keyed);
    expect((await send(line(902), headers)).status).toBe(409);
  });

  it('is withdrawn with its findings, but not with those that were stated again since', async () => {
    const people = [0, 1, 3].map((person) => line(person, 6_000_000));
    const id = await sent(people.join('\n'));
    await inState(id, 'done');
    // One is pushed again with new facts, one is repeated unchanged by a later batch.
    await world.request('POST', PATH.replace('batches', 'findings'), {
      body: JSON.parse(line(0, 7_000_000)) as object,
    });
    const second = await sent(`${line(1, 6_000_000)}\n`);
    await inState(second, 'done');
    expect(await batch(second)).toMatchObject({ matched: 1, findings: 0 });
    const withdrawn = await world.request('POST', `${PATH}/${id}/withdraw`, { body: { reason: '取数口径有误' } });
    expect(withdrawn).toMatchObject({ status: 202, body: { withdrawnReason: '取数口径有误' } });
    await inState(id, 'withdrawn');
    expect(await findingsOf(100)).toMatchObject([{ state: 1, spent_fen: 7_000_000 }]);
    expect(await findingsOf(101)).toMatchObject([{ state: 1, stated_in_batch: second }]);
    expect(await findingsOf(103)).toMatchObject([{ state: 2 }]);
    await eventually(() => {
      const last = world.heard.filter((one) => one.householdId === 103n).at(-1);
      if (last?.state !== FindingState.WITHDRAWN) throw new Error('not heard yet');
    });
  });

  it('of an earlier day overtakes nothing, says so, and counts once the later one is taken back', async () => {
    await world.known({ householdId: 140, idNumbers: [idNumberOf(40)] });
    const ofDay = (day: string, spentFen: number): string => line(40, spentFen).replace('2026-10-31', day);
    const september = await sent(ofDay('2026-09-30', 2_500_000));
    expect(await inState(september, 'done')).toMatchObject({ findings: 1, overtaken: 0 });
    world.clock.advance(1_000);
    const august = await sent(ofDay('2026-08-31', 1_500_000));
    expect(await inState(august, 'done')).toMatchObject({ matched: 1, findings: 0, overtaken: 1 });
    expect(await findingsOf(140)).toEqual([{ state: 1, spent_fen: 2_500_000, stated_in_batch: september }]);
    await world.request('POST', `${PATH}/${september}/withdraw`, { body: { reason: '口径有误' } });
    await inState(september, 'withdrawn');
    expect(await findingsOf(140)).toEqual([{ state: 1, spent_fen: 1_500_000, stated_in_batch: august }]);
  });

  it('leaves alone what was pushed after it had been received', async () => {
    world.clock.advance(60_000);
    await world.request('POST', PATH.replace('batches', 'findings'), {
      body: JSON.parse(line(3, 9_000_000)) as object,
    });
    world.clock.advance(-30_000);
    const id = await sent(line(3, 1_000_000));
    expect(await inState(id, 'done')).toMatchObject({ matched: 1, findings: 0 });
    expect(await findingsOf(103)).toMatchObject([{ spent_fen: 9_000_000 }]);
    world.clock.advance(30_000);
  });

  it('stands by what it states though an older one is withdrawn before its turn comes', async () => {
    const wrong = await sent(`${line(0, 8_000_000)}\n`);
    await inState(wrong, 'done');
    world.clock.advance(60_000);
    await world.request('POST', `${PATH}/${wrong}/withdraw`, { body: { reason: '口径有误，已重报' } });
    await inState(wrong, 'withdrawn');
    // As it is when the corrected sheet came first and is still waiting: what counts is when a sheet was received.
    world.clock.advance(-30_000);
    const corrected = await sent(`${line(0, 8_100_000)}\n`);
    expect(await inState(corrected, 'done')).toMatchObject({ matched: 1, findings: 1 });
    expect(await findingsOf(100)).toMatchObject([{ state: 1, spent_fen: 8_100_000, stated_in_batch: corrected }]);
    world.clock.advance(30_000);
  });

  it('may state again what another sheet has changed since, and be sent again once its rows can be taken', async () => {
    const [first, other] = [line(1, 8_000_000), line(1, 8_200_000)];
    for (const body of [first, other, first]) {
      world.clock.advance(1_000);
      await inState(await sent(body), 'done');
    }
    expect(await findingsOf(101)).toMatchObject([{ state: 1, spent_fen: 8_000_000 }]);
    world.clock.advance(1_000);
    const early = line(1, 8_300_000).replace('2026-10-31', '2026-11-23');
    expect(await inState(await sent(early), 'done')).toMatchObject({ rejected: 1 });
    world.clock.advance(86_400_000);
    expect(await inState(await sent(early), 'done')).toMatchObject({ rejected: 0, findings: 1 });
    world.clock.advance(-86_400_000);
  });

  it('that cannot go on holds up none behind it, and goes on when it can', async () => {
    await world.admin.query('ALTER TABLE findings ADD CONSTRAINT broken CHECK (spent_fen <> 666)');
    const stuck = await sent(line(950, 666));
    const behind = await sent(line(951));
    await inState(behind, 'done');
    expect(await batch(stuck)).toMatchObject({ state: 'queued' });
    await world.admin.query('ALTER TABLE findings DROP CONSTRAINT broken');
    await inState(stuck, 'done');
  });

  it('lists rows with unknown members, whatever they are called', async () => {
    const id = await sent(`${JSON.stringify({ [idNumberOf(3)]: 1, 'a\u0000b': 1, kind: 'water' })}\n${line(952)}`);
    expect(await inState(id, 'done')).toMatchObject({ rejected: 1, unmatched: 1 });
    const { body } = await world.request('GET', `${PATH}/${id}/errors`);
    const columns = (body['items'] as { column: string }[]).map(({ column }) => column);
    expect(columns).toEqual(expect.arrayContaining(['…', 'ab']));
    const reason = await world.request('POST', `${PATH}/${id}/withdraw`, { body: { reason: `误报 ${idNumberOf(3)}` } });
    expect(reason).toMatchObject({ status: 400, body: { errors: [{ field: 'reason', value: null }] } });
    const control = await world.request('POST', `${PATH}/${id}/withdraw`, { body: { reason: 'a\u0000b' } });
    expect(control).toMatchObject({ status: 400, body: { errors: [{ field: 'reason' }] } });
  });

  it('that breaks off, is too long or has no header leaves nothing behind', async () => {
    const before = await world.rows('SELECT batch_id FROM batches ORDER BY batch_id');
    const broken = async function* (): AsyncGenerator<string> {
      for (let i = 0; i < 3_000; i += 1) yield `${line(i % 4)}\n`;
      throw new Error('the line went dead');
    };
    const answer = await world.app
      .inject({
        method: 'POST',
        url: PATH,
        headers: {
          ...NDJSON,
          authorization: await world.tokens.bearer({
            role: 'department-client',
            region: '532327',
            department: 'health-insurance',
          }),
        },
        payload: Readable.from(broken()),
      })
      .catch(() => undefined);
    expect([undefined, 400]).toContain(answer?.statusCode);
    expect(await send(`${'x'.repeat(70_000)}\n${line(0)}`)).toMatchObject({
      status: 400,
      body: { code: 'BATCH.UNREADABLE' },
    });
    expect(await send('name,kind\n小王,water\n', CSV)).toMatchObject({
      status: 400,
      body: { code: 'BATCH.UNREADABLE' },
    });
    expect(await send(`${HEADER}\n"a\n`, CSV)).toMatchObject({ status: 400, body: { code: 'BATCH.UNREADABLE' } });
    expect(await send('', CSV)).toMatchObject({ status: 400 });
    for (const [body, headers] of [[`${HEADER}\n`, CSV] as const, ['', NDJSON] as const, ['\n\n', NDJSON] as const])
      expect(await send(body, headers)).toMatchObject({ status: 400, body: { code: 'BATCH.UNREADABLE' } });
    expect(await send('{}\n'.repeat(100_001))).toMatchObject({ status: 413, body: { code: 'BATCH.TOO_MANY_ROWS' } });
    expect((await send('<x/>', { 'content-type': 'text/xml' })).status).toBe(415);
    expect((await world.request('POST', PATH, { body: {} })).status).toBe(415);
    await eventually(async () => {
      expect(await world.rows("SELECT 1 FROM batches WHERE state = 'receiving'")).toEqual([]);
    });
    expect(await world.rows('SELECT batch_id FROM batches ORDER BY batch_id')).toHaveLength(before.length);
  });

  it('shows itself to its department and to officers of its area alone', async () => {
    const id = await sent(line(905));
    const status = async (as: object): Promise<number> => (await world.request('GET', `${PATH}/${id}`, { as })).status;
    expect(await status({ role: 'county-officer' })).toBe(200);
    expect(await status({ role: 'county-officer', region: '532301' })).toBe(404);
    expect(await status({ department: 'water' })).toBe(403);
    expect((await world.request('GET', `${PATH}/x/errors`)).status).toBe(404);
  });

  it('keeps no ID number, in rows or errors', async () => {
    for (const table of ['batches', 'batch_rows', 'batch_errors', 'findings', 'outbox', 'idempotency_keys']) {
      const [row] = await world.rows<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table} t WHERE t::text ~ '99000019'`,
      );
      expect([table, row?.n]).toEqual([table, 0]);
    }
    expect(world.answers.join('\n')).not.toMatch(/99000019/);
  });
});
