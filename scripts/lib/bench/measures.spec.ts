import { describe, expect, it } from '@jest/globals';
import { familyMb, mebibytesIn, peakRssMb } from './memory.ts';
import { median, rounded } from './statistics.ts';

describe('what a benchmark reckons with', () => {
  it('takes the middle run, so that one bad run says nothing', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
    expect(rounded(1.23456)).toBe(1.235);
  });

  it('reads memory as the kernel writes it', () => {
    const status = 'Name:\tnode\nVmPeak:\t 1048576 kB\nVmHWM:\t  204800 kB\n';
    expect(mebibytesIn(status, 'VmHWM')).toBe(200);
    expect(mebibytesIn(status, 'VmSwap')).toBeUndefined();
  });

  it('knows nothing of a process that is over', () => {
    const nobody = 2 ** 22 + 1;
    expect(peakRssMb(nobody)).toBe(0);
    expect(familyMb(nobody)).toBe(0);
  });
});
