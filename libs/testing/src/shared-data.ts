/** Specs against real data that is not part of this repository. */
import { describe, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DATA_DIR = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/**
 * A `describe` whose specs compare with the data folder beside the clone (`../shared/data`); `fn` is given its path. Where
 * the folder is absent the block is skipped, so that a plain clone passes; with `FANGPIN_REQUIRE_DATA=1` it fails instead.
 */
export function describeWithSharedData(name: string, fn: (dataDir: string) => void): void {
  if (existsSync(DATA_DIR)) return void describe(name, () => fn(DATA_DIR));
  if (process.env['FANGPIN_REQUIRE_DATA'] === '1')
    throw new Error(`${name}: FANGPIN_REQUIRE_DATA=1, but ../shared/data is absent`);
  // The block itself is not run: it may read the data while it is being collected.
  describe.skip(name, () => it('needs ../shared/data', () => undefined));
}
