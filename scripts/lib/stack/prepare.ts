import { ensureTopics, messagingMigrationsDir } from '@fangpin/messaging';
import { migrateService } from '@fangpin/persistence';
import { inRepository } from '../paths.ts';
import type { DatabaseUrls } from './environment.ts';
import { migrationsOf, serviceNames, type ServiceName } from './services.ts';

export interface PrepareOptions {
  adminUrl: string;
  kafkaBrokers: string;
  /** For the services' roles. */
  password: string;
  only?: readonly ServiceName[];
  say: (line: string) => void;
}

export type PreparedDatabases = Partial<Record<ServiceName, DatabaseUrls>>;

// By its path: importing service-kit would load a whole web framework for the sake of one string.
const serviceKitMigrations = inRepository('libs', 'service-kit', 'migrations');

/** Brings databases, roles and topics to the state of the sources. Repeating it changes nothing. */
export async function prepare(options: PrepareOptions): Promise<PreparedDatabases> {
  const { adminUrl, kafkaBrokers, password, say, only = serviceNames } = options;
  const databases: PreparedDatabases = {};
  for (const service of only) {
    const own = migrationsOf(service);
    if (own === undefined) continue;
    const migrationsDirs = [messagingMigrationsDir, serviceKitMigrations, own];
    const { database, applied, appUrl, writerUrl } = await migrateService({
      adminUrl,
      service,
      migrationsDirs,
      password,
    });
    databases[service] = { appUrl, writerUrl };
    if (applied.length > 0) say(`${database}: ${applied.length} migration${applied.length === 1 ? '' : 's'} applied`);
  }
  await ensureTopics({ brokers: kafkaBrokers.split(',') });
  say('topics are in place');
  return databases;
}
