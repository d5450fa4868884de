import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { cellScope, regionScope, type Database } from '@fangpin/persistence';
import { describeScopeOfTables } from '@fangpin/testing';
import { createRegistryDatabase, type RegistryDatabase } from './registry-app.js';

const township = parseRegionCode('532327103');
const INSERT = `INSERT INTO households (revision, duty_code, state, household_group, monitoring, dwelling, only_dwelling,
                  water_scheme, created_at, updated_at)
                VALUES (1, $1, 1, 2, 1, 1, true, '', now(), now())`;

let registry: RegistryDatabase;
let app: Database;

beforeAll(async () => {
  registry = await createRegistryDatabase();
  app = await registry.database.open({ poolSize: 1 });
  await app.transaction(cellScope('spec'), async (tx) => {
    for (const duty of [532_327_103_201_000, 532_327_103_202_005, 532_327_102_201_000])
      await tx.execute(INSERT, [duty]);
  });
});

afterAll(async () => {
  await registry.close();
});

describeScopeOfTables('household-registry', () => registry.database);

describe('rows under a scope', () => {
  it("shows a township's scope that township only", async () => {
    const rows = await app.transaction(regionScope(township), (tx) =>
      tx.query('SELECT duty_code FROM households ORDER BY 1'),
    );
    expect(rows.map((row) => row['duty_code'])).toEqual([532_327_103_201_000, 532_327_103_202_005]);
  });

  it('changes and deletes nothing outside the scope, and refuses to write there', async () => {
    const changed = await app.transaction(regionScope(township), (tx) =>
      tx.execute('UPDATE households SET dwelling = 3'),
    );
    expect(changed).toBe(2);
    await expect(
      app.transaction(regionScope(township), (tx) => tx.execute(INSERT, [532_327_102_201_000])),
    ).rejects.toThrow('row-level security');
    await expect(
      app.transaction(regionScope(township), (tx) => tx.execute('UPDATE households SET duty_code = 532327102201000')),
    ).rejects.toThrow('row-level security');
  });

  it('raises on the one pooled connection once the scoped transaction is over', async () => {
    await app.transaction(regionScope(township), (tx) => tx.query('SELECT 1'));
    await expect(app.dataSource.query('SELECT count(*) FROM households')).rejects.toThrow('no scope is set');
  });

  it('lets the bulk writer add rows and read keys, and nothing else', async () => {
    const writer = await registry.database.open({ url: registry.database.writerUrl });
    const run = (sql: string): Promise<unknown> => writer.transaction(cellScope('spec'), (tx) => tx.query(sql));
    await run('SELECT household_id, source_key, duty_code FROM households');
    await expect(run('SELECT dwelling FROM households')).rejects.toThrow('permission denied');
    await expect(run('SELECT * FROM household_members')).rejects.toThrow('permission denied');
    await expect(run('UPDATE households SET dwelling = 1')).rejects.toThrow('permission denied');
    await expect(run('DELETE FROM livelihoods')).rejects.toThrow('permission denied');
  });
});
