import { fileURLToPath } from 'node:url';

/** Folder with this library's SQL migrations; pass it to `migrateService` before the service's own. */
export const messagingMigrationsDir: string = fileURLToPath(new URL('../migrations', import.meta.url));
