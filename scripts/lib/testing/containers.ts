import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { freePorts } from '../servers/ports.ts';
import { createAndDropTopic } from '../servers/kafka.ts';
import { waitUntilReady } from '../servers/launch.ts';
import type { TestServers } from './test-servers.ts';

const PASSWORD = 'fangpin';
const CONTROLLER_PORT = 9_093;

function postgres(): Promise<StartedTestContainer> {
  return (
    new GenericContainer('postgres:18')
      .withEnvironment({
        POSTGRES_PASSWORD: PASSWORD,
        POSTGRES_INITDB_ARGS: '--locale-provider=builtin --builtin-locale=C.UTF-8',
      })
      .withCommand(['postgres', '-c', 'max_connections=200', '-c', 'shared_buffers=256MB', '-c', 'max_wal_size=2GB'])
      .withExposedPorts(5432)
      // Once for the set-up run, once for the real one.
      .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
      .start()
  );
}

/** Clients are sent to the advertised address, so the port outside has to be known before the broker starts. */
function kafka(port: number): Promise<StartedTestContainer> {
  return new GenericContainer('apache/kafka:4.1.0')
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://0.0.0.0:${CONTROLLER_PORT}`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${CONTROLLER_PORT}`,
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_HEAP_OPTS: '-Xmx512m',
    })
    .withExposedPorts({ container: port, host: port })
    .start();
}

function redis(): Promise<StartedTestContainer> {
  return new GenericContainer('redis:7').withExposedPorts(6379).start();
}

/** The same three servers from Docker images, for machines that have Docker and would rather not have Java. */
export async function startContainers(say: (line: string) => void): Promise<TestServers> {
  say('starting PostgreSQL, Kafka and Redis in containers …');
  const [port] = (await freePorts(1)) as [number];
  const containers = await Promise.all([postgres(), kafka(port), redis()]);
  const [database, , cache] = containers;
  const kafkaBrokers = `127.0.0.1:${port}`;
  await waitUntilReady({ what: 'Kafka', timeoutMs: 90_000, check: () => createAndDropTopic(kafkaBrokers) });
  return {
    databaseUrl: `postgresql://postgres:${PASSWORD}@${database.getHost()}:${database.getMappedPort(5432)}/postgres`,
    kafkaBrokers,
    redisUrl: `redis://${cache.getHost()}:${cache.getMappedPort(6379)}`,
    stop: async () => {
      await Promise.all(containers.map((container) => container.stop()));
    },
  };
}
