import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, repositoryRoot } from './lib/paths.ts';
import { verdictOf, type JestResult } from './lib/testing/closing-line.ts';
import { startTestServers, testVariables } from './lib/testing/test-servers.ts';

const USAGE = `Usage: npm test -- [jest's arguments]

Runs the whole suite, or what is named (npm test -- libs/messaging -t 'poisoned'), on servers of its own,
and closes with the line \`tests: N passed, N failed\`.

  FANGPIN_TEST_SERVERS=docker   takes the servers from containers
  FANGPIN_TEST_DATABASE_URL, FANGPIN_TEST_KAFKA_BROKERS, FANGPIN_TEST_REDIS_URL   uses these instead (all three)
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs jest with its report on standard error, so that the closing line stands alone on standard output. */
function runJest(args: readonly string[], variables: Record<string, string>, started: (child: ChildProcess) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'fangpin-jest-'));
  const resultFile = join(folder, 'result.json');
  const jest = inRepository('node_modules', 'jest', 'bin', 'jest.js');
  // ESM in jest is behind a flag of Node's; its workers and their children take it from the environment.
  const flags = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=TimeoutNegativeWarning',
  ];
  const child = spawn(process.execPath, [jest, '--json', `--outputFile=${resultFile}`, '--forceExit', ...args], {
    cwd: repositoryRoot,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...variables, NODE_OPTIONS: flags.join(' ') },
  });
  started(child);
  return new Promise<JestResult | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const result = existsSync(resultFile) ? (JSON.parse(readFileSync(resultFile, 'utf8')) as JestResult) : undefined;
      rmSync(folder, { recursive: true, force: true });
      resolve(result);
    });
  });
}

async function main(args: readonly string[]): Promise<boolean> {
  let jest: ChildProcess | undefined;
  let interrupted = false;
  // An interrupted run still takes its servers down: the signal ends jest, and the rest below runs as usual.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      interrupted = true;
      jest?.kill('SIGTERM');
    });
  }
  const servers = await startTestServers(process.env, say);
  try {
    const remember = (child: ChildProcess): void => {
      jest = child;
    };
    const result = interrupted ? undefined : await runJest(args, testVariables(servers), remember);
    const { line, passed } = verdictOf(result);
    await servers.stop();
    process.stdout.write(`${line}\n`);
    return passed && !interrupted;
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

const args = process.argv.slice(2).filter((argument) => argument !== '--json');
if (args.includes('--help') || args.includes('-h')) process.stdout.write(USAGE);
else {
  try {
    process.exitCode = (await main(args)) ? 0 : 1;
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.stdout.write(`${verdictOf(undefined).line}\n`);
    process.exitCode = 1;
  }
}
