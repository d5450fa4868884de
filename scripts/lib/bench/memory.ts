import { childrenOf, read } from './cpu.ts';

const KIB_PER_MIB = 1_024;

/** A `Name:  123 kB` line of a file under /proc, in MiB; undefined where there is none. */
export function mebibytesIn(text: string, field: string): number | undefined {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text);
  return match ? Math.round(Number(match[1]) / KIB_PER_MIB) : undefined;
}

/** The most memory a process ever had at once (resident), MiB; 0 where the system does not tell. */
export function peakRssMb(pid: number): number {
  return mebibytesIn(read(`/proc/${pid}/status`), 'VmHWM') ?? 0;
}

/**
 * Memory of a process and its children now, MiB, shared pages counted once (proportional set size). PostgreSQL is a family of
 * processes over one shared buffer: the sum of their resident sizes would count that buffer for each.
 */
export function familyMb(pid: number): number {
  const family = [pid, ...childrenOf(pid)];
  return family.reduce((sum, one) => sum + (mebibytesIn(read(`/proc/${one}/smaps_rollup`), 'Pss') ?? 0), 0);
}
