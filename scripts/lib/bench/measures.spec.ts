import { describe, expect, it } from '@jest/globals';
import { countCpu, cpuSecondsIn } from './cpu.ts';
import { familyMb, mebibytesIn, peakRssMb } from './memory.ts';
import { median, quantile, rounded } from './statistics.ts';

describe('what a benchmark reckons with', () => {
  it('takes the middle run, so that one bad run says nothing', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
    expect(rounded(1.23456)).toBe(1.235);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.99)).toBe(4);
  });

  it('reads memory as the kernel writes it', () => {
    const status = 'Name:\tnode\nVmPeak:\t 1048576 kB\nVmHWM:\t  204800 kB\n';
    expect(mebibytesIn(status, 'VmHWM')).toBe(200);
    expect(mebibytesIn(status, 'VmSwap')).toBeUndefined();
  });

  it('reads processor time as the kernel writes it, whatever a process calls itself', () => {
    expect(cpuSecondsIn('7 (a) b) S 1 7 7 0 -1 4194304 9 0 0 0 150 50 20 5 20 0 1 0 100 0 0')).toBe(2.25);
  });

  it('knows nothing of a process that is over', () => {
    const nobody = 2 ** 22 + 1;
    expect(countCpu({ nobody })()).toEqual({ nobody: 0 });
    expect(peakRssMb(nobody)).toBe(0);
    expect(familyMb(nobody)).toBe(0);
  });
});
