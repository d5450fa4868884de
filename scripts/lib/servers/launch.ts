import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { isRunning, recordOf, type ProcessRecord } from './process-table.ts';

export interface Launch {
  command: string;
  args: string[];
  /** Both output streams are appended here. */
  logFile: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
}

export interface StartHooks {
  /** Told of the process before it is ready: should the wait fail or be interrupted, it can still be stopped. */
  launched: (record: ProcessRecord) => void;
}

/** Starts a process in a session of its own: it outlives this script and is not reached by the terminal's Ctrl-C. */
export async function launchDetached(launch: Launch): Promise<ProcessRecord> {
  mkdirSync(dirname(launch.logFile), { recursive: true });
  const log = openSync(launch.logFile, 'a');
  try {
    const { uid, gid, cwd, env } = launch;
    const child = spawn(launch.command, launch.args, {
      detached: true,
      stdio: ['ignore', log, log],
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env }),
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    if (child.pid === undefined) throw new Error(`${launch.command} has no pid`);
    const record = recordOf(child.pid);
    if (record === undefined) throw new Failure(`${launch.command} ended at once\n${tailOf(launch.logFile)}`);
    return record;
  } finally {
    closeSync(log);
  }
}

/** The last lines of a log, for a message about a process that failed. */
export function tailOf(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

export interface Awaited {
  what: string;
  process?: ProcessRecord;
  logFile?: string;
  timeoutMs: number;
  /** Resolves when ready, throws while not. */
  check: () => Promise<unknown>;
}

/** Repeats a check until it passes; gives up when its process ends or the time is over, and shows the log's tail. */
export async function waitUntilReady({ what, process: record, logFile, timeoutMs, check }: Awaited): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let reason: string;
    try {
      await check();
      return;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    const tail = logFile === undefined ? '' : `\n--- ${logFile}\n${tailOf(logFile)}`;
    if (record && !isRunning(record)) throw new Failure(`${what} ended before it was ready (${reason})${tail}`);
    if (Date.now() > deadline) {
      throw new Failure(`${what} is not ready after ${Math.round(timeoutMs / 1000)} s (${reason})${tail}`);
    }
    await sleep(100);
  }
}
