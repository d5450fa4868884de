import { Kafka, logLevel, type logCreator } from 'kafkajs';
import { silentLog, type Log } from '../log.js';
import type { BusSettings } from '../port.js';
import './quiet-connections.js';

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

/** kafkajs says every try of what it repeats; the adapter itself warns of what matters. */
function logTo(log: Log): logCreator {
  return () =>
    ({ namespace, log: entry }) => {
      const { broker, groupId } = entry as { readonly broker?: string; readonly groupId?: string };
      log.debug({ client: 'kafkajs', namespace, broker, groupId }, entry.message);
    };
}
