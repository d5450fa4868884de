// A process of its own that relays an outbox (from the build) and kills itself with SIGKILL in the moment between the broker's
// acknowledgement and its own mark. Arguments: database URL, brokers, prefix.
import { createKafkaBus, Outbox } from '../../dist/index.js';
import { createDataSource, Database } from '../../../persistence/dist/index.js';

const [url, brokers, prefix] = process.argv.slice(2);
const database = new Database(await createDataSource({ url, applicationName: 'relay-child' }).initialize());
const bus = createKafkaBus({ brokers: brokers.split(','), clientId: 'relay-child', prefix });
const producer = await bus.producer();
const killing = {
  ...bus,
  producer: async () => ({
    send: async (topic, messages) => {
      await producer.send(topic, messages);
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    },
    close: () => producer.close(),
  }),
};
new Outbox(killing, database, { leaseMs: 600, relayEveryMs: 50 }).start();
