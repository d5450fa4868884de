import { join } from 'node:path';
import { createDataSource, Database, databaseName, urlFor } from '@fangpin/persistence';
import { Failure } from '../failure.ts';
import { stateFolder } from '../paths.ts';
import { superuserUrl } from '../servers/postgres.ts';
import { readServerState } from '../servers/server-state.ts';
import { givenServers } from '../stack/local-stack.ts';
import type { ServiceName } from '../stack/services.ts';

const NO_SUCH_DATABASE = '3D000';

/** The superuser's URL: the caller's own server, or the one of the stack. */
function adminUrl(): string {
  const given = givenServers().databaseUrl;
  if (given) return given;
  const state = readServerState(join(stateFolder, 'servers'));
  if (!state?.processes.postgres)
    throw new Failure('there is no database: start the stack with `npm run up`, or set DATABASE_URL');
  return superuserUrl(state.ports.postgres, state.password);
}

/** Works on the database of each service in turn; one that was never made has no letters. */
export async function withLetters(
  services: readonly ServiceName[],
  work: (service: ServiceName, database: Database) => Promise<void>,
): Promise<void> {
  const admin = adminUrl();
  for (const service of services) {
    const url = urlFor(admin, databaseName(service));
    const source = createDataSource({ url, applicationName: 'fangpin replay', poolSize: 1 });
    try {
      await source.initialize();
    } catch (error) {
      if ((error as { code?: string }).code === NO_SUCH_DATABASE) continue;
      throw error;
    }
    try {
      await work(service, new Database(source));
    } finally {
      await source.destroy();
    }
  }
}
