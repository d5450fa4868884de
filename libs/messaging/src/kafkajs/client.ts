import { Kafka, logLevel, type logCreator } from 'kafkajs';
import { silentLog, type Log } from '../log.js';
import type { BusSettings } from '../port.js';

/** One client; every producer, consumer and admin made from it has connections of its own. */
export function createKafkaClient(settings: BusSettings): Kafka {
  const { dial } = settings;
  return new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ...(dial && { socketFactory: ({ host, port, onConnect }) => dial(host, port).once('connect', onConnect) }),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    // Short: what is still failing then is taken up by the adapter with a fresh producer, consumer or admin.
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: logTo(settings.log ?? silentLog),
  });
}

/** kafkajs calls error what it then repeats by itself, and warning what is none: here a warning and a detail. */
function logTo(log: Log): logCreator {
  return () =>
    ({ namespace, level, log: entry }) => {
      const fields = {
        client: 'kafkajs',
        namespace,
        broker: entry['broker'] as unknown,
        groupId: entry['groupId'] as unknown,
      };
      if (level <= logLevel.ERROR) log.warn(fields, entry.message);
      else log.debug(fields, entry.message);
    };
}
