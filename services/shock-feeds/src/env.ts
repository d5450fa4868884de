/** The only reader of this service's environment. */
import { readFileSync } from 'node:fs';
import { baseEnvFrom, EnvReader, versionJobsEnvFrom, type BaseEnv, type VersionJobsEnv } from '@fangpin/service-kit';
import { readCapKeys } from './cap/read-cap-keys.js';
import { readDeclarations } from './sources/read-declarations.js';
import { noSources, type SourceSettings } from './sources/source-settings.js';

export interface ShockFeedsEnv extends BaseEnv, VersionJobsEnv {
  /** FANGPIN_SOURCES: file of the sources to poll or to miss; none, and nothing is polled. */
  readonly sources?: SourceSettings;
  /** FANGPIN_CAP_KEYS: PEM file of public keys or certificates; none, and signatures are noted, not checked. */
  readonly capKeys?: readonly string[];
}

const DEFAULT_PORT = 3103;

/** Reads and checks everything at once, the file of sources too; throws naming every bad variable and member. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): ShockFeedsEnv {
  const read = new EnvReader(source);
  const env: ShockFeedsEnv = {
    ...baseEnvFrom(read, { port: DEFAULT_PORT }),
    ...versionJobsEnvFrom(read),
    sources: readSources(read),
    capKeys: readCapKeys(read),
  };
  read.done();
  return env;
}

function readSources(read: EnvReader): SourceSettings {
  const lookEverySeconds = read.integer('FANGPIN_SOURCE_LOOK_SECONDS', { default: 2, max: 3_600 });
  const path = read.optional('FANGPIN_SOURCES');
  if (path === undefined) return noSources;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    read.complain('FANGPIN_SOURCES', 'must name a file that can be read');
    return noSources;
  }
  const { sources, problems } = readDeclarations(text, (name) => read.optional(name));
  for (const problem of problems) read.complain('FANGPIN_SOURCES', problem);
  return { declared: sources, lookEverySeconds };
}
