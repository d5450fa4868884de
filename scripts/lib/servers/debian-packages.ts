import { spawnSync } from 'node:child_process';
import { Failure } from '../failure.ts';

/** Whether a program is on the PATH. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1" >/dev/null', 'sh', name]).status === 0;
}

/** What to tell somebody who is not root, or not on Debian, about a program that is missing. */
export function missingProgramMessage(program: string, packages: readonly string[], override: string): string {
  return (
    `${program} is missing. Install it (Debian: sudo apt-get install ${packages.join(' ')}), ` +
    `or set ${override} to use a server that runs elsewhere.`
  );
}

/**
 * Makes sure a program is there: installs it from Debian's archive when this is root on Debian, else says what to do.
 * The installer's output goes to standard error, since standard output may be JSON.
 */
export function requireProgram(
  program: string,
  packages: readonly string[],
  override: string,
  say: (line: string) => void,
): void {
  if (hasProgram(program)) return;
  if (process.getuid?.() !== 0 || !hasProgram('apt-get')) {
    throw new Failure(missingProgramMessage(program, packages, override));
  }
  say(`installing ${packages.join(', ')} from Debian …`);
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', ['-q', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  // The package lists of a fresh image are empty or stale; fetch them only when the first try fails.
  if (!apt(...install)) {
    apt('update');
    apt(...install);
  }
  if (!hasProgram(program)) throw new Failure(missingProgramMessage(program, packages, override));
}
