/** What findings say once a sheet about them is taken back, on real tables: sets of five hundred, two sheets at once, late ones. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FindingState, type Finding } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { IntakeWorld } from './support/intake-world.js';
import { idNumberOf } from './support/id-numbers.js';

const PATH = '/v1/departments/health-insurance/batches';
const HOUSEHOLD = 700;
/** More than two sets of a batch. */
const ROWS = 1_200;

let world: IntakeWorld;
beforeAll(async () => {
  world = await IntakeWorld.start();
  await world.known({ householdId: HOUSEHOLD, idNumbers: [idNumberOf(1)] });
});
afterAll(() => world.stop());

const DAY_MS = 86_400_000;
const dayOf = (n: number): string => new Date(Date.UTC(2023, 11, 1) + n * DAY_MS).toISOString().slice(0, 10);
const one = (since: string, spentFen: number): object => ({
  householdId: HOUSEHOLD,
  kind: 'medical-spending',
  since,
  // Amounts are of a year at most.
  occurredOn: new Date(Date.parse(since) + 180 * DAY_MS).toISOString().slice(0, 10),
  spentFen,
});
/** Findings of one household, each of another period. */
const sheet = (spentFen: number, rows = 900): string =>
  Array.from({ length: rows }, (_, n) => JSON.stringify(one(dayOf(n), spentFen))).join('\n');
/** The same of people whom nobody knows. */
const strangers = (spentFen: number): string =>
  Array.from({ length: ROWS - 900 }, (_, n) =>
    JSON.stringify({ ...one('2026-01-01', spentFen), householdId: undefined, idNumber: idNumberOf(300 + n) }),
  ).join('\n');

async function sent(body: string, state = 'done'): Promise<string> {
  world.clock.advance(1_000);
  const headers = { 'content-type': 'application/x-ndjson' };
  const { status, body: answer } = await world.request('POST', PATH, { body, headers });
  expect(status).toBe(202);
  const id = String(answer['batchId']);
  await inState(id, state);
  return id;
}

const inState = (id: string, state: string): Promise<void> =>
  eventually(async () => {
    const { body } = await world.request('GET', `${PATH}/${id}`);
    if (body['state'] !== state) throw new Error(`the batch is ${String(body['state'])}`);
  });

async function takeBack(id: string): Promise<void> {
  world.clock.advance(1_000);
  await world.request('POST', `${PATH}/${id}/withdraw`, { body: { reason: '口径有误' } });
}

const push = async (since: string, spentFen: number): Promise<Record<string, unknown>> => {
  world.clock.advance(1_000);
  return (await world.request('POST', PATH.replace('batches', 'findings'), { body: one(since, spentFen) })).body;
};

const standing = (): Promise<unknown[]> =>
  world.rows(
    `SELECT state, spent_fen::int AS fen, stated_in_batch AS batch, count(*)::int AS n FROM findings GROUP BY 1, 2, 3 ORDER BY 4 DESC, 2`,
  );
const beneath = async (): Promise<unknown> =>
  (await world.rows('SELECT count(*)::int AS n FROM earlier_statements'))[0]?.['n'];

/** Of each finding the highest revision that was heard. */
function heard(): Map<string, Finding> {
  const last = new Map<string, Finding>();
  for (const finding of world.heard)
    if ((last.get(finding.findingId)?.revision ?? 0n) < finding.revision) last.set(finding.findingId, finding);
  return last;
}

async function allHeardAsStored(): Promise<void> {
  const rows = await world.rows(
    'SELECT finding_id, revision::text, state, spent_fen::text FROM findings WHERE household_id IS NOT NULL',
  );
  await eventually(() => {
    const last = heard();
    for (const row of rows)
      expect(last.get(String(row['finding_id']))).toMatchObject({
        revision: BigInt(String(row['revision'])),
        state: row['state'],
        spentFen: BigInt(String(row['spent_fen'])),
      });
  });
}

describe('a sheet that is taken back', () => {
  it('leaves its findings as the sheet before it had them, and that one leaves none', async () => {
    const first = await sent(`${sheet(3_000_000)}\n${strangers(3_000_000)}`);
    const second = await sent(`${sheet(5_000_000)}\n${strangers(5_000_000)}`);
    expect(await standing()).toEqual([{ state: 1, fen: 5_000_000, batch: second, n: ROWS }]);
    await takeBack(second);
    await inState(second, 'withdrawn');
    expect(await standing()).toEqual([{ state: 1, fen: 3_000_000, batch: first, n: ROWS }]);
    expect(await beneath()).toBe(0);
    await allHeardAsStored();

    const said = world.heard.length;
    await takeBack(second);
    const repeat = await sent(`${sheet(3_000_000)}\n${strangers(3_000_000)}`);
    expect(world.heard).toHaveLength(said);
    await takeBack(repeat);
    await inState(repeat, 'withdrawn');
    expect(await standing()).toEqual([{ state: 1, fen: 3_000_000, batch: first, n: ROWS }]);
    await takeBack(first);
    await inState(first, 'withdrawn');
    expect(await standing()).toMatchObject([{ state: 2, fen: 3_000_000, n: ROWS }]);
    await allHeardAsStored();
    expect([...heard().values()].every(({ state }) => state === FindingState.WITHDRAWN)).toBe(true);
    expect(await beneath()).toBe(0);
  });

  it('leaves nothing of either when two are taken back at once, and what neither said stays', async () => {
    const base = await sent(sheet(1_000_000));
    const [a, b] = [await sent(sheet(2_000_000)), await sent(sheet(4_000_000))];
    await Promise.all([takeBack(b), takeBack(a)]);
    for (const id of [a, b]) await inState(id, 'withdrawn');
    expect(await standing()).toMatchObject([
      { state: 1, fen: 1_000_000, batch: base, n: 900 },
      { state: 2, n: ROWS - 900 },
    ]);
    await allHeardAsStored();
    expect(await beneath()).toBe(0);
  });

  it('leaves what was pushed singly since, and comes to nothing beneath it', async () => {
    const last = await sent(sheet(6_000_000, 2));
    const { findingId } = await push(dayOf(0), 7_000_000);
    await takeBack(last);
    await inState(last, 'withdrawn');
    const rows = await world.rows(
      'SELECT spent_fen::int AS fen, stated_in_batch AS batch FROM findings WHERE finding_id = $1',
      [findingId],
    );
    expect(rows).toEqual([{ fen: 7_000_000, batch: null }]);
    const again = await sent(sheet(8_000_000, 1));
    await takeBack(again);
    await inState(again, 'withdrawn');
    expect(await world.rows('SELECT spent_fen::int AS fen FROM findings WHERE finding_id = $1', [findingId])).toEqual([
      { fen: 7_000_000 },
    ]);
    expect(await beneath()).toBe(0);
  });

  it('lets a sheet count that came before it and was worked off behind it', async () => {
    await world.admin.query('ALTER TABLE findings ADD CONSTRAINT broken CHECK (spent_fen <> 666)');
    const late = await sent(`${JSON.stringify(one('2024-03-01', 666))}\n`, 'queued');
    const ahead = await sent(`${JSON.stringify(one('2024-03-01', 9_000_000))}\n`);
    await world.admin.query('ALTER TABLE findings DROP CONSTRAINT broken');
    await inState(late, 'done');
    const shown = (): Promise<unknown[]> =>
      world.rows(
        `SELECT spent_fen::int AS fen FROM findings WHERE period = '2024-03-01' AND stated_in_batch = ANY($1)`,
        [[late, ahead]],
      );
    expect(await shown()).toEqual([{ fen: 9_000_000 }]);
    await takeBack(ahead);
    await inState(ahead, 'withdrawn');
    expect(await shown()).toEqual([{ fen: 666 }]);
    await takeBack(late);
    await inState(late, 'withdrawn');
  });
});

describe('a finding that was taken back singly', () => {
  it('is withdrawn again when the sheet that raised it anew is taken back', async () => {
    const { findingId } = await push('2024-05-05', 3_000_000);
    world.clock.advance(1_000);
    const url = `${PATH.replace('batches', 'findings')}/${String(findingId)}`;
    await world.request('POST', `${url}/withdraw`, { body: { reason: '报销尚未结算' } });
    const id = await sent(JSON.stringify(one('2024-05-05', 3_100_000)));
    expect((await world.request('GET', url)).body).toMatchObject({ state: 'raised' });
    await takeBack(id);
    await inState(id, 'withdrawn');
    expect((await world.request('GET', url)).body).toMatchObject({
      state: 'withdrawn',
      withdrawnReason: '报销尚未结算',
    });
  });
});
