import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The root of the clone, without a trailing slash. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Everything a local run leaves behind lives here; git ignores it. */
export const stateFolder = join(repositoryRoot, '.fangpin');

/** Absolute path of something inside the clone. */
export function inRepository(...parts: string[]): string {
  return join(repositoryRoot, ...parts);
}
