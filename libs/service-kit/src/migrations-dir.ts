import { fileURLToPath } from 'node:url';

/** Folder of this library's SQL migrations; every service's database gets them after messaging's and before its own. */
export const serviceKitMigrationsDir = fileURLToPath(new URL('../migrations', import.meta.url));
