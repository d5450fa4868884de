import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { inRepository } from '../paths.ts';
import { hasProgram, requireProgram } from './debian-packages.ts';

const project = inRepository('deploy', 'local', 'kafka');
/** The folder with Kafka's jars, once {@link requireKafka} has gathered them. */
export const kafkaJars = join(project, 'target', 'libs');

const OLDEST_JAVA = 17;

/** Major version from what `java -version` prints, e.g. 17 of `openjdk version "17.0.15"`. */
export function javaMajor(text: string): number {
  return Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
}

/** Makes sure Java 17 or newer is there. */
export function requireJava(say: (line: string) => void): void {
  requireProgram('java', ['openjdk-17-jre-headless'], 'KAFKA_BROKERS', say);
  const run = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = javaMajor(`${run.stderr}${run.stdout}`);
  if (major < OLDEST_JAVA) {
    throw new Failure(`Kafka needs Java ${OLDEST_JAVA} or newer; the java on the PATH is ${major}.`);
  }
}

/** Installs what Kafka needs to run; its jars are gathered by Maven, once for each state of the pom. Maven speaks to standard error. */
export function requireKafka(say: (line: string) => void): void {
  requireJava(say);
  const wanted = createHash('sha256')
    .update(readFileSync(join(project, 'pom.xml')))
    .digest('hex');
  const stamp = join(kafkaJars, 'gathered-from.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!hasProgram('mvn')) requireProgram('mvn', ['maven'], 'KAFKA_BROKERS', say);
  say('gathering Apache Kafka with Maven (once) …');
  const half = `${kafkaJars}.${process.pid}`;
  const args = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${half}`];
  const run = spawnSync('mvn', args, { cwd: project, stdio: ['ignore', 2, 2] });
  if (run.status !== 0) {
    rmSync(half, { recursive: true, force: true });
    throw new Failure('Maven could not gather Apache Kafka (see above); it needs its central repository once.');
  }
  writeFileSync(join(half, 'gathered-from.txt'), wanted);
  // Whole or not at all: another start may be reading the folder.
  rmSync(kafkaJars, { recursive: true, force: true });
  renameSync(half, kafkaJars);
}
