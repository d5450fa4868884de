import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';

/** Ports of the three servers; Kafka needs a second one for its controller. */
export interface ServerPorts {
  postgres: number;
  kafka: number;
  kafkaController: number;
  redis: number;
}

/** Where `npm run up` puts the servers: far from the usual ports, so that a local PostgreSQL or Redis stays alone. */
export const upPorts: ServerPorts = { postgres: 35432, kafka: 39092, kafkaController: 39093, redis: 36379 };

/** Whether nobody listens on the port of 127.0.0.1. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

// Linux hands out 32768–60999 to outgoing connections. A server that is stopped and started again on a port of that
// range may find it taken by somebody's client in between, so free ports are looked for below it.
const LOWEST_FREE_PORT = 20_000;
const HIGHEST_FREE_PORT = 32_000;

/** Ports nobody listens on, all different, that no outgoing connection will take. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count && attempt < 1_000; attempt += 1) {
    const port = LOWEST_FREE_PORT + Math.floor(Math.random() * (HIGHEST_FREE_PORT - LOWEST_FREE_PORT));
    if (!found.has(port) && (await isPortFree(port))) found.add(port);
  }
  if (found.size < count) throw new Failure('no free ports found on 127.0.0.1');
  return [...found];
}

/** Free ports for a set of servers of one's own. */
export async function freeServerPorts(): Promise<ServerPorts> {
  const [postgres, kafka, kafkaController, redis] = (await freePorts(4)) as [number, number, number, number];
  return { postgres, kafka, kafkaController, redis };
}

/** What to tell somebody whose port is held by another program. */
export function portClashMessage(server: string, port: number, override?: string): string {
  const wayOut = override ? `, or set ${override} to use a server of your own` : '';
  return (
    `${server} cannot start: port ${port} of 127.0.0.1 is in use by a program that this clone did not start. ` +
    `Find it with \`ss -ltnp 'sport = :${port}'\` and stop it${wayOut}.`
  );
}

// A killed process is gone from the process table a moment before its last thread lets go of the port.
const PATIENCE_MS = 3_000;

/** Refuses to go on when a stranger holds the port. */
export async function requireFreePort(server: string, port: number, override?: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isPortFree(port))) {
    if (Date.now() > deadline) throw new Failure(portClashMessage(server, port, override));
    await sleep(50);
  }
}
