import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { Failure } from '../failure.ts';
import { inRepository } from '../paths.ts';
import { kafkaJars } from './kafka-jars.ts';
import { launchDetached, waitUntilReady, type StartHooks } from './launch.ts';

const READY_WITHIN_MS = 90_000;

export interface KafkaPorts {
  broker: number;
  controller: number;
}

/** The broker's properties file: one node that is broker and controller. Topics come from the catalogue only. */
export function serverProperties(logDir: string, ports: KafkaPorts): string {
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports.broker},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.broker}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logDir,
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    // After a crash the controller takes the broker back only when its old session is over: 9 s by default.
    'broker.session.timeout.ms': 4_000,
    'broker.heartbeat.interval.ms': 1_000,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The default of 128 MiB is a quarter of the heap.
    'log.cleaner.dedupe.buffer.size': 33_554_432,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Creates a topic, sees its leader in the metadata and drops it: less than that and the first real use may fail. */
export async function createAndDropTopic(brokers: string): Promise<void> {
  const kafka = new Kafka({
    clientId: 'fangpin-readiness',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  const topic = `fangpin.readiness-${randomBytes(6).toString('hex')}`;
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    if (topics[0]?.partitions[0]?.leader !== 1) throw new Error('the new topic has no leader yet');
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** A random cluster id in the form StorageTool takes: 16 bytes, base64 for URLs. */
function clusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

/** Starts Kafka on its data folder, which is formatted when new, and waits until a topic can be created. */
export async function startKafka(
  dir: string,
  ports: KafkaPorts,
  { launched }: StartHooks,
  javaOptions: readonly string[] = [],
): Promise<void> {
  const home = join(dir, 'kafka');
  mkdirSync(home, { recursive: true });
  const propertiesFile = join(home, 'server.properties');
  const logDir = join(home, 'data');
  writeFileSync(propertiesFile, serverProperties(logDir, ports));
  const java = [
    '-Xms256m',
    '-Xmx512m',
    ...javaOptions,
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${inRepository('deploy', 'local', 'kafka', 'log4j2.properties')}`,
    '-cp',
    join(kafkaJars, '*'),
  ];
  if (!existsSync(join(logDir, 'meta.properties'))) {
    const args = [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', propertiesFile];
    const run = spawnSync('java', args, { encoding: 'utf8' });
    if (run.status !== 0) throw new Failure(`Kafka's storage could not be formatted: ${run.stdout}${run.stderr}`);
  }
  const logFile = join(dir, 'logs', 'kafka.log');
  const args = [...java, 'kafka.Kafka', propertiesFile];
  const process = await launchDetached({ command: 'java', args, logFile, cwd: home });
  launched(process);
  const check = (): Promise<void> => createAndDropTopic(`127.0.0.1:${ports.broker}`);
  await waitUntilReady({ what: 'Kafka', process, logFile, timeoutMs: READY_WITHIN_MS, check });
}
