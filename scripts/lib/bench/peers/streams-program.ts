/** The Kafka Streams peer as a program: its libraries, gathered once, its compilation, and what it needs to be told. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import { inRepository } from '../../paths.ts';
import { requireProgram } from '../../servers/debian-packages.ts';
import { requireJava } from '../../servers/kafka-jars.ts';

const project = inRepository('scripts', 'lib', 'bench', 'peers', 'streams');
const sources = join(project, 'src');
const target = join(project, 'target');
const COMPILER = 'org.eclipse.jdt.internal.compiler.batch.Main';
const JAVA_RELEASE = '-17';
/** Which server elsewhere would make Java needless: none. */
const NO_OVERRIDE = 'no variable; the benchmark without --peers needs none of it';

/** The class path of the compiled program. Needs Java 17, and Maven with its central repository once. */
export function requireStreamsProgram(say: (line: string) => void): string {
  requireJava(say);
  const libraries = join(target, 'libs');
  whenChanged(libraries, [join(project, 'pom.xml')], (folder) => {
    requireProgram('mvn', ['maven'], NO_OVERRIDE, say);
    say('gathering Kafka Streams and the JDBC driver with Maven (once) …');
    const args = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    run('mvn', args, 'Maven could not gather Kafka Streams; it needs its central repository once');
  });
  const jars = join(libraries, '*');
  const classes = join(target, 'classes');
  const files = readdirSync(sources)
    .sort()
    .map((name) => join(sources, name));
  whenChanged(classes, [join(project, 'pom.xml'), ...files], (folder) => {
    const args = ['-cp', jars, COMPILER, JAVA_RELEASE, '-nowarn', '-cp', jarList(libraries), '-d', folder, ...files];
    run('java', args, 'the Kafka Streams peer could not be compiled');
  });
  return [classes, jars].join(':');
}

/** The compiler, unlike the launcher, knows no wildcards in a class path. */
function jarList(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .map((name) => join(folder, name))
    .join(':');
}

/** Fills a folder when its sources have changed since it was filled; whole or not at all. */
function whenChanged(folder: string, from: readonly string[], fill: (half: string) => void): void {
  const hash = createHash('sha256');
  for (const file of from) hash.update(readFileSync(file));
  const wanted = hash.digest('hex');
  const stamp = join(folder, 'made-from.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const half = `${folder}.${process.pid}`;
  try {
    mkdirSync(half, { recursive: true });
    fill(half);
    writeFileSync(join(half, 'made-from.txt'), wanted);
    rmSync(folder, { recursive: true, force: true });
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], failure: string): void {
  const { status, error } = spawnSync(command, args, { cwd: project, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Failure(`${failure} (${error?.message ?? 'see above'})`);
}

/** A file of Java properties. */
export function propertiesOf(values: Readonly<Record<string, string | number>>): string {
  const escaped = (text: string): string => text.replace(/[\\:=#!]/g, String.raw`\$&`);
  return Object.entries(values)
    .map(([name, value]) => `${name}=${escaped(String(value))}\n`)
    .join('');
}

/** A superuser's URL for the JDBC driver, which rewrites a batch into statements of many rows. */
export function jdbcUrl(databaseUrl: string): string {
  const { host, pathname, username, password } = new URL(databaseUrl);
  const query = new URLSearchParams({
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    reWriteBatchedInserts: 'true',
  });
  return `jdbc:postgresql://${host}${pathname}?${query.toString()}`;
}
