import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerPorts } from './ports.ts';
import type { ProcessRecord } from './process-table.ts';

export type ServerName = 'postgres' | 'kafka' | 'redis';

export const serverNames: readonly ServerName[] = ['postgres', 'kafka', 'redis'];

/** What is known about the servers of one folder; kept in `servers.json` there. */
export interface ServerState {
  ports: ServerPorts;
  /** Of PostgreSQL's superuser; made once for each folder. */
  password: string;
  processes: Partial<Record<ServerName, ProcessRecord>>;
  /** PostgreSQL's data, which may lie outside the folder. */
  postgresData?: string;
}

function fileIn(dir: string): string {
  return join(dir, 'servers.json');
}

export function readServerState(dir: string): ServerState | undefined {
  const file = fileIn(dir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerState) : undefined;
}

/** Writes the state whole or not at all; it holds the password, so nobody else may read it. */
export function writeServerState(dir: string, state: ServerState): void {
  mkdirSync(dir, { recursive: true });
  // The database's user has to pass through, whatever the umask says.
  chmodSync(dir, 0o755);
  const half = `${fileIn(dir)}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, fileIn(dir));
}
