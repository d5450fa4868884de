import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { withLock } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'fangpin-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a lock', () => {
  it('lets one at a time in', async () => {
    let inside = 0;
    let most = 0;
    const visit = (): Promise<void> =>
      withLock(join(folder, 'one'), async () => {
        inside += 1;
        most = Math.max(most, inside);
        await nextTurn();
        inside -= 1;
      });
    await Promise.all([visit(), visit(), visit()]);
    expect(most).toBe(1);
  });

  it('is taken over from a process that is gone', async () => {
    const file = join(folder, 'abandoned');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'an earlier moment' }));
    expect(await withLock(file, () => Promise.resolve('in'))).toBe('in');
  });

  it('is given back when the body fails', async () => {
    const file = join(folder, 'failing');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(file, () => Promise.resolve('in again'))).toBe('in again');
  });
});
