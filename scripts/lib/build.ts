import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { withLock } from './lock.ts';
import { inRepository, stateFolder } from './paths.ts';
import { runTool } from './tool.ts';

const stampFile = join(stateFolder, 'build-stamp.txt');

/** Nx as a plain task runner: no background process, no cloud, no terminal interface. */
export const nxEnvironment = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  NX_SKIP_LOG_GROUPING: 'true',
  FORCE_COLOR: '0',
};

/** Folders of all packages that have sources, relative to the clone's root. */
export function packagesWithSources(): string[] {
  return ['libs', 'services']
    .flatMap((kind) => readdirSync(inRepository(kind)).map((name) => join(kind, name)))
    .filter((folder) => filesBelow(inRepository(folder, 'src')).length > 0)
    .sort();
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Names the state of all sources. Size and time of change are enough: Nx looks at the contents where they differ. */
function fingerprint(packages: readonly string[]): string {
  const files = packages.flatMap((folder) => [
    ...filesBelow(inRepository(folder, 'src')),
    inRepository(folder, 'package.json'),
  ]);
  const hash = createHash('sha256').update(readFileSync(inRepository('.swcrc')));
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}:${size}:${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** The source a compiled file came from; undefined for what the compiler does not write. */
export function sourceOf(compiled: string): string | undefined {
  const match = /^(.*)\.js(?:\.map)?$/.exec(compiled);
  return match ? `${match[1]}.ts` : undefined;
}

/** A deleted source leaves its compiled file behind, which would still be imported and run. */
function removeOrphans(packages: readonly string[]): void {
  for (const folder of packages) {
    const dist = inRepository(folder, 'dist');
    for (const file of filesBelow(dist)) {
      const source = sourceOf(file.slice(dist.length + 1));
      if (source !== undefined && !existsSync(inRepository(folder, 'src', source))) rmSync(file);
    }
  }
}

/** Compiles every package whose sources changed. Answers the fingerprint of what is now in the dist folders. */
export async function build(say: (line: string) => void): Promise<string> {
  return withLock(join(stateFolder, 'build.lock'), async () => {
    const packages = packagesWithSources();
    const wanted = fingerprint(packages);
    const complete = packages.every((folder) => existsSync(inRepository(folder, 'dist')));
    if (complete && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return wanted;
    say('building …');
    const names = packages.map((folder) => `@fangpin/${folder.split('/')[1]}`).join(',');
    const args = ['run-many', '--target=build', `--projects=${names}`, '--outputStyle=stream', '--parallel=2'];
    if (!(await runTool('nx', args, { env: nxEnvironment, quiet: true }))) throw new Failure('the build failed.');
    removeOrphans(packages);
    mkdirSync(stateFolder, { recursive: true });
    writeFileSync(stampFile, wanted);
    return wanted;
  });
}

/** Fingerprint of the last build; empty when there was none. */
export function builtFingerprint(): string {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
}
