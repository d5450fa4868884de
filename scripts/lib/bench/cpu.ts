/** Processor time of processes: unlike seconds on the clock it hardly depends on what else the machine does. */
import { readdirSync, readFileSync } from 'node:fs';
import { rounded } from './statistics.ts';

/** USER_HZ, which Linux fixes at 100 for what /proc tells. */
const TICKS_PER_SECOND = 100;
/** Positions behind the command's closing bracket in /proc/PID/stat (proc(5)): utime, stime, cutime, cstime. */
const OWN = [11, 12];
const OF_CHILDREN_THAT_ENDED = [13, 14];

/** Seconds of processor time in the text of /proc/PID/stat, with that of children which have ended. */
export function cpuSecondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [...OWN, ...OF_CHILDREN_THAT_ENDED].reduce((sum, at) => sum + (Number(fields[at]) || 0), 0);
  return ticks / TICKS_PER_SECOND;
}

/** Processor time of a process, its children and those that ended, seconds; 0 where the system does not tell. */
export function familyCpuSeconds(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuSecondsIn(read(`/proc/${one}/stat`)), 0);
}

/** Starts counting; the function answers what each process has used since, seconds. */
export function countCpu(pids: Readonly<Record<string, number>>): () => Record<string, number> {
  const before = Object.entries(pids).map(([name, pid]) => ({ name, pid, used: familyCpuSeconds(pid) }));
  return () => Object.fromEntries(before.map(({ name, pid, used }) => [name, rounded(familyCpuSeconds(pid) - used)]));
}

export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** A file under /proc; empty where the process is over, or this is no Linux. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
