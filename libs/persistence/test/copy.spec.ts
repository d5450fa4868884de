import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { copyInto, copyOut } from '../src/copy.js';

const ROWS = 40_000;

describe('a COPY inside a transaction', () => {
  let db: TestDatabase;
  let client: pg.Client;
  let other: pg.Client;

  beforeAll(async () => {
    db = await createTestDatabase('persistence', { migrationsDirs: [] });
    client = new pg.Client({ connectionString: db.adminUrl });
    other = new pg.Client({ connectionString: db.adminUrl });
    await client.connect();
    await other.connect();
    await client.query('CREATE TABLE numbers (n bigint PRIMARY KEY)');
  });
  afterAll(async () => {
    await client.end();
    await other.end();
    await db.drop();
  });

  const fill = (from: number, failAt = -1) =>
    copyInto(client, 'numbers (n)', async (rows, flush) => {
      for (let n = from; n < from + ROWS; n += 1) {
        if (n === failAt) throw new Error('poisoned row');
        rows.row(1).int8(n);
        await flush();
      }
    });

  it('streams out of one connection into another', async () => {
    await client.query('BEGIN');
    const stored = await copyInto(client, 'numbers (n)', (rows, flush) =>
      copyOut(
        other,
        `SELECT n::bigint, repeat('x', 20) FROM generate_series(1, ${ROWS}) AS n`,
        (row) => void rows.row(1).int8(row.int8()),
        flush,
      ),
    );
    expect(stored).toBe(ROWS);
    const { rows } = await client.query('SELECT count(*)::int AS n, sum(n)::bigint AS sum FROM numbers');
    expect(rows[0]).toEqual({ n: ROWS, sum: (ROWS * (ROWS + 1)) / 2 });
    await client.query('ROLLBACK');
  });

  it('reads values that lie packed in a column of bytes, nulls and empty arrays among them', async () => {
    const packed = (n: string): string => `int8send(${n}) || int4send(-7) || int2send(300::int2) || boolsend(true)
      || int8send(-9223372036854775808) || array_send(CASE ${n} WHEN 1 THEN '{}' ELSE ARRAY[${n}, -${n}] END::bigint[])`;
    const columns = `n, ${packed('n')} || array_send(ARRAY[n, 0]::bigint[]) || array_send('{}'::bigint[]) || int4send(5)`;
    const rows: unknown[] = [];
    await copyOut(other, `SELECT ${columns} FROM unnest(ARRAY[1, 9007199254740991]) AS n`, (row) => {
      const n = row.int8();
      const values = row.packed();
      rows.push([
        n,
        values.int8(),
        values.int4(),
        values.int2(),
        values.bool(),
        values.int8OrNull(),
        values.int8Array(),
        (values.skipInt8Array(), values.skipInt8Array(), values.int4()),
      ]);
    });
    const most = Number.MAX_SAFE_INTEGER;
    expect(rows).toEqual([
      [1, 1, -7, 300, true, null, [], 5],
      [most, most, -7, 300, true, null, [most, -most], 5],
    ]);
  });

  it.each([0, ROWS - 1])('leaves the connection usable when row %d cannot be made', async (failAt) => {
    await client.query('BEGIN');
    await expect(fill(0, failAt)).rejects.toThrow('poisoned row');
    await client.query('ROLLBACK');
    const { rows } = await client.query('SELECT count(*)::int AS n FROM numbers');
    expect(rows[0].n).toBe(0);
  });

  it('goes back to a savepoint when the server refuses a row, and goes on from there', async () => {
    await client.query('BEGIN');
    expect(await fill(0)).toBe(ROWS);
    await client.query('SAVEPOINT before');
    await expect(fill(ROWS - 1)).rejects.toMatchObject({ code: '23505', constraint: 'numbers_pkey' });
    await client.query('ROLLBACK TO SAVEPOINT before');
    expect(await fill(ROWS)).toBe(ROWS);
    await client.query('ROLLBACK');
  });

  it('reads to the end of a stream whose rows it cannot take, so that the connection can be used again', async () => {
    const reading = copyOut(other, `SELECT n::bigint FROM generate_series(1, ${ROWS}) AS n`, (row) => {
      if (row.int8() === 2) throw new Error('poisoned row');
    });
    await expect(reading).rejects.toThrow('poisoned row');
    expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
