import { runCommand } from './lib/command.ts';
import { serviceNames } from './lib/stack/index.ts';
import { bringUp } from './lib/stack/local-stack.ts';

await runCommand(
  {
    name: 'up',
    does: 'Starts servers and services on 127.0.0.1, waits until they are ready, prints addresses. Harmless twice.',
    options: {},
    help: {},
  },
  async ({ json, say, emit }) => {
    const { servers, stack } = await bringUp(say);
    if (json) {
      emit({ gateway: stack.gateway, ready: true });
      return;
    }
    const addresses = [
      ...serviceNames.map((name): [string, string] => [name, stack.url(name)]),
      ['PostgreSQL', servers.databaseUrl],
      ['Kafka', servers.kafkaBrokers],
      ['Redis', servers.redisUrl],
    ] as [string, string][];
    for (const [name, address] of addresses) process.stdout.write(`${name.padEnd(20)} ${address}\n`);
    process.stdout.write(`\nThe stack is up. Try ${stack.gateway}/docs, or npm run token; npm run down stops it.\n`);
  },
);
