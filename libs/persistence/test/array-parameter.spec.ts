import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { int2ArrayParameter, int8ArrayParameter } from '../src/array-parameter.js';

const safe = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const small = fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 });

describe('arrays as the server keeps them', () => {
  let db: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    db = await createTestDatabase('persistence_arrays', { migrationsDirs: [] });
    client = new pg.Client({ connectionString: db.adminUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await db.drop();
  });

  it('arrive as the same numbers, also empty ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(safe), fc.array(small), async (ids, levels) => {
        const { rows } = await client.query('SELECT to_json($1::bigint[]) AS ids, to_json($2::smallint[]) AS levels', [
          int8ArrayParameter(ids),
          int2ArrayParameter(levels),
        ]);
        expect(rows[0]).toEqual({ ids, levels });
      }),
      { numRuns: 50 },
    );
  });

  it('are refused where a number does not fit', () => {
    expect(() => int8ArrayParameter([2 ** 53])).toThrow('out of range');
    expect(() => int2ArrayParameter([40_000])).toThrow('out of range');
  });
});
