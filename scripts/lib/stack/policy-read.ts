import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inRepository } from '../paths.ts';
import type { ServiceName } from './services.ts';

/** Who reads policy when it starts: the data of the library, and the folders that these settings name. */
export const policyReaders: readonly ServiceName[] = ['shock-feeds', 'risk-alerts', 'assistance-cases', 'intake'];
const FOLDERS: Readonly<Record<string, readonly ServiceName[]>> = {
  FANGPIN_POLICY_OVERLAY: policyReaders,
  FANGPIN_POLICY_SHADOW: ['risk-alerts'],
};

export interface PolicyReading {
  readonly service: ServiceName;
  readonly environment: Readonly<Record<string, string>>;
  /** Folder that the process runs in: a folder may be named from there. */
  readonly cwd: string;
  readonly data?: string;
}

/** Names the policy records that a process of the service would read now; empty for one that reads none. A folder that is not there counts as such. */
export function policyReadBy({ service, environment, cwd, data }: PolicyReading): string {
  if (!policyReaders.includes(service)) return '';
  const overlays = Object.entries(FOLDERS).flatMap(([name, readers]) => {
    const folder = environment[name];
    return folder && readers.includes(service) ? [resolve(cwd, folder)] : [];
  });
  const hash = createHash('sha256');
  for (const folder of [data ?? inRepository('libs', 'policy', 'data'), ...overlays])
    hash.update(JSON.stringify(recordsIn(folder)));
  return hash.digest('hex');
}

function recordsIn(folder: string): [string, string][] | null {
  if (!existsSync(folder)) return null;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}
