import { afterAll, beforeAll } from '@jest/globals';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, describeScopeOfTables, type TestDatabase } from '@fangpin/testing';
import { fileURLToPath } from 'node:url';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase('risk-alerts', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
  });
});
afterAll(() => db.drop());

describeScopeOfTables('risk-alerts', () => db);
