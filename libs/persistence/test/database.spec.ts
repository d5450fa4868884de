import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import pg from 'pg';
import { EntitySchema } from 'typeorm';
import { createDataSource } from '../src/data-source.js';
import { Database } from '../src/database.js';
import { regionScope } from '../src/scope.js';
import { prepared } from '../src/statement.js';

interface House {
  id: number;
  duty_code: number;
}

const HouseEntity = new EntitySchema<House>({
  name: 'houses',
  columns: { id: { type: 'bigint', primary: true }, duty_code: { type: 'bigint' } },
});
const yongren = regionScope(parseRegionCode('532327'));
const yuanmou = regionScope(parseRegionCode('532328'));
const ALL = prepared('SELECT id FROM houses ORDER BY id');

describe('a transaction of a service', () => {
  let db: TestDatabase;
  let admin: pg.Client;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase('persistence', { migrationsDirs: [] });
    admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    await admin.query(`CREATE TABLE houses (id bigint PRIMARY KEY, duty_code bigint NOT NULL);
      SELECT protect_by_scope('houses'); GRANT SELECT, INSERT, UPDATE ON houses TO persistence_app`);
    // One connection, so that what one transaction leaves behind would meet the next.
    const settings = { url: db.appUrl, applicationName: 'spec', entities: [HouseEntity], poolSize: 1 };
    database = new Database(await createDataSource(settings).initialize());
  });
  beforeEach(async () => {
    await admin.query('TRUNCATE houses');
    await admin.query(`INSERT INTO houses VALUES (1, ${yongren.lo}), (2, ${yuanmou.lo})`);
  });
  afterAll(async () => {
    await database.close();
    await admin.end();
    await db.drop();
  });

  const stored = async (): Promise<number> => (await admin.query('SELECT FROM houses')).rowCount ?? 0;

  it('sees the rows of its own scope through a statement that the connection has prepared under another', async () => {
    for (let round = 0; round < 10; round += 1) {
      expect(await database.transaction(yongren, (tx) => tx.query(ALL))).toEqual([{ id: 1 }]);
      expect(await database.transaction(yuanmou, (tx) => tx.query(ALL))).toEqual([{ id: 2 }]);
    }
  });

  it('has settings of its own, which end with it', async () => {
    const shown = () =>
      database.transaction(yongren, async (tx) => (await tx.query<{ lock_timeout: string }>('SHOW lock_timeout'))[0]);
    const limited = await database.transaction(yongren, (tx) => tx.query('SHOW lock_timeout'), {
      lock_timeout: '1234ms',
    });
    expect(limited).toEqual([{ lock_timeout: '1234ms' }]);
    expect(await shown()).toEqual({ lock_timeout: '0' });
  });

  it('takes back what the entity manager has saved, and what a transaction within it has', async () => {
    const failing = database.transaction(yongren, async ({ manager }) => {
      await manager.save(HouseEntity, [{ id: 3, duty_code: yongren.lo }]);
      await manager.transaction((within) => within.save(HouseEntity, { id: 4, duty_code: yongren.lo }));
      throw new Error('fails at its end');
    });
    await expect(failing).rejects.toThrow('fails at its end');
    expect(await stored()).toBe(2);
  });

  it('is over with all that belongs to it when a statement fails, and the connection serves the next', async () => {
    let told = false;
    const failing = database.transaction(yongren, async (tx) => {
      tx.afterCommit(() => (told = true));
      await tx.execute('INSERT INTO houses VALUES (3, $1)', [yongren.lo]);
      await tx.execute('INSERT INTO houses VALUES (5, $1)', [yuanmou.lo]);
    });
    await expect(failing).rejects.toThrow('row-level security');
    expect(told).toBe(false);
    expect(await stored()).toBe(2);
    await database.transaction(yongren, (tx) => tx.execute('INSERT INTO houses VALUES (3, $1)', [yongren.lo]));
    expect(await stored()).toBe(3);
  });
});
