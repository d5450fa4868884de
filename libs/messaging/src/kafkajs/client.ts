import { Kafka, logLevel, type logCreator } from 'kafkajs';
import { silentLog, type Log } from '../log.js';
import type { BusSettings } from '../port.js';

/** One client; every producer, consumer and admin made from it has connections of its own. */
export function createKafkaClient(settings: BusSettings): Kafka {
  return new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    // Short: what is still failing then is taken up by the adapter with a fresh producer, consumer or admin.
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: logTo(settings.log ?? silentLog),
  });
}

/** kafkajs says at level error what it then repeats by itself; here that is a warning. */
function logTo(log: Log): logCreator {
  return () =>
    ({ namespace, level, log: entry }) => {
      const fields = {
        client: 'kafkajs',
        namespace,
        broker: entry['broker'] as unknown,
        groupId: entry['groupId'] as unknown,
      };
      if (level <= logLevel.WARN) log.warn(fields, entry.message);
      else log.debug(fields, entry.message);
    };
}
