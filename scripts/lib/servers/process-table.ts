import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process we started. The pid alone does not name it: after it ends, the number may be given to a stranger.
 * Together with the moment it began, it does, so nothing else is ever signalled.
 */
export interface ProcessRecord {
  pid: number;
  /** Opaque: boot and start tick on Linux, the start date elsewhere. Compared for equality only. */
  startedAt: string;
}

/** Start tick from the text of /proc/PID/stat; undefined for a zombie, which is over but not yet collected. */
export function startTickOf(stat: string): string | undefined {
  // The command name stands in parentheses and may hold spaces and parentheses itself: count from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

function startMoment(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const tick = startTickOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return tick === undefined ? undefined : `${boot}:${tick}`;
    } catch {
      return undefined;
    }
  }
  try {
    const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } } as const;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The record of a process that has just been started; undefined when it is already gone. */
export function recordOf(pid: number): ProcessRecord | undefined {
  const startedAt = startMoment(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether this very process, and not a later one under the same number, is running. */
export function isRunning(record: ProcessRecord, moment: (pid: number) => string | undefined = startMoment): boolean {
  return moment(record.pid) === record.startedAt;
}

/** Signals the process if it is still the one recorded; answers whether it was. */
export function signal(record: ProcessRecord, name: NodeJS.Signals): boolean {
  if (!isRunning(record)) return false;
  try {
    process.kill(record.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until the process is gone; answers false when it outlives the time given. */
export async function waitForEnd(record: ProcessRecord, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isRunning(record)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Asks the process to stop and, after the patience given, makes it. Answers whether it was running. */
export async function stopProcess(
  record: ProcessRecord,
  { first = 'SIGTERM', patienceMs = 15_000, last = 'SIGKILL' }: StopOptions = {},
): Promise<boolean> {
  if (!signal(record, first)) return false;
  if (await waitForEnd(record, patienceMs)) return true;
  signal(record, last);
  if (!(await waitForEnd(record, 10_000))) throw new Error(`process ${record.pid} does not end`);
  return true;
}

export interface StopOptions {
  first?: NodeJS.Signals;
  patienceMs?: number;
  last?: NodeJS.Signals;
}
