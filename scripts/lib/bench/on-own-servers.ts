/** Servers and services of a benchmark's own, in a folder that is gone afterwards, also when it fails or is interrupted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers, stopServers, type ServerOptions, type Servers } from '../servers/index.ts';
import { startStack, stopStack, type Stack, type StackOptions } from '../stack/index.ts';

export interface OwnServers {
  dir: string;
  servers: Servers;
  stack: Stack;
  /** Closed before services and servers stop, the last opened first. */
  onEnd: (close: () => Promise<unknown>) => void;
}

/** `options` of the services may depend on the folder. */
export async function onOwnServers<T>(
  say: (line: string) => void,
  options: (dir: string) => Omit<StackOptions, 'dir' | 'servers'>,
  work: (own: OwnServers) => Promise<T>,
  { javaOptions }: Pick<ServerOptions, 'javaOptions'> = {},
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'fangpin-bench-'));
  const stops: (() => Promise<unknown>)[] = [];
  // Once: an interrupt makes the work fail as well, and whoever ends the process must wait for the whole of it.
  let cleaning: Promise<void> | undefined;
  const cleanUp = (): Promise<void> => (cleaning ??= clean());
  const clean = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
    rmSync(dir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    // More than once: npm passes on what the terminal has sent to all, and a second one must not end the cleaning.
    process.on(signal, () => void cleanUp().finally(() => process.exit(130)));
  try {
    // Before they start: where one does not come up, the others run already.
    stops.push(() => stopServers(join(dir, 'servers'), { wipe: true }));
    const servers = await startServers({ dir: join(dir, 'servers'), say, ...(javaOptions && { javaOptions }) });
    stops.push(() => stopStack(join(dir, 'stack')));
    const stack = await startStack({ dir: join(dir, 'stack'), servers, ...options(dir) });
    return await work({ dir, servers, stack, onEnd: (close) => void stops.push(close) });
  } finally {
    await cleanUp();
  }
}
