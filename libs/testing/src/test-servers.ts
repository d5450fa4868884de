export interface TestServers {
  /** Superuser's URL of the test PostgreSQL. */
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly redisUrl: string | undefined;
}

/** The servers that `npm test` has started for this run; throws when a spec is run without them. */
export function testServers(): TestServers {
  const { FANGPIN_TEST_DATABASE_URL, FANGPIN_TEST_KAFKA_BROKERS, FANGPIN_TEST_REDIS_URL } = process.env;
  if (!FANGPIN_TEST_DATABASE_URL || !FANGPIN_TEST_KAFKA_BROKERS)
    throw new Error(
      'this spec needs PostgreSQL and Kafka: run it through `npm test -- <path>`, which starts them and sets ' +
        'FANGPIN_TEST_DATABASE_URL and FANGPIN_TEST_KAFKA_BROKERS',
    );
  return {
    databaseUrl: FANGPIN_TEST_DATABASE_URL,
    brokers: FANGPIN_TEST_KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    redisUrl: FANGPIN_TEST_REDIS_URL,
  };
}
