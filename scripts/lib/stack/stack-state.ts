import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRecord } from '../servers/process-table.ts';
import type { ServiceName } from './services.ts';

/** One process of a service. */
export interface ServiceProcess extends ProcessRecord {
  service: ServiceName;
  /** 1 is the one the gateway knows. */
  instance: number;
  port: number;
  /** Names code and environment it was started with; another one means it has to be started anew. */
  launchKey: string;
}

export interface StackState {
  /** Of the services' database roles; made once for each folder. */
  rolePassword: string;
  processes: ServiceProcess[];
}

function fileIn(dir: string): string {
  return join(dir, 'services.json');
}

/** The state kept in a folder, or a new one. */
export function readStackState(dir: string): StackState {
  const file = fileIn(dir);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as StackState;
  return { rolePassword: randomBytes(12).toString('hex'), processes: [] };
}

/** Writes the state whole or not at all, for its owner's eyes only. */
export function writeStackState(dir: string, state: StackState): void {
  mkdirSync(dir, { recursive: true });
  const half = `${fileIn(dir)}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, fileIn(dir));
}

export function removeStackState(dir: string): void {
  rmSync(fileIn(dir), { force: true });
}
