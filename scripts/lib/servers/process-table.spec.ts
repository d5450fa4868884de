import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isRunning, recordOf, signal, startTickOf, stopProcess, type ProcessRecord } from './process-table.ts';

const started: number[] = [];

async function aProcess(script = 'setInterval(() => {}, 1000)'): Promise<ProcessRecord> {
  const child = spawn(process.execPath, ['-e', `${script}; process.stdout.write("up")`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const record = recordOf(child.pid as number);
  if (!record) throw new Error('the process ended at once');
  started.push(record.pid);
  return record;
}

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Already gone, as it should be.
    }
  }
});

describe('the table of processes we started', () => {
  it('reads the start tick of a process whose name holds spaces and parentheses', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 1));
    const stat = `4711 (a (odd) name) S ${fields.slice(3).join(' ')}`;
    expect(startTickOf(stat)).toBe('22');
  });

  it('takes a zombie for gone', () => {
    expect(startTickOf(`4711 (node) Z ${Array.from({ length: 49 }, () => '1').join(' ')}`)).toBeUndefined();
  });

  it('knows a running process and forgets it once it is stopped', async () => {
    const record = await aProcess();
    expect(isRunning(record)).toBe(true);
    expect(await stopProcess(record)).toBe(true);
    expect(isRunning(record)).toBe(false);
    expect(await stopProcess(record)).toBe(false);
  });

  it('never signals a stranger that got the number of a process that has ended', async () => {
    const stranger = await aProcess();
    const ours = { pid: stranger.pid, startedAt: 'an earlier moment' };
    expect(signal(ours, 'SIGKILL')).toBe(false);
    expect(await stopProcess(ours)).toBe(false);
    expect(isRunning(stranger)).toBe(true);
  });

  it('makes a process end that does not listen', async () => {
    const deaf = await aProcess("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
    expect(await stopProcess(deaf, { patienceMs: 100 })).toBe(true);
    expect(isRunning(deaf)).toBe(false);
  });
});
