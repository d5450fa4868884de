import { describe, expect, it } from '@jest/globals';
import { readReport, RunTally } from './streams-process.ts';

describe('a line of the Streams peer', () => {
  it('reports what was stored, of which run, and when', () => {
    expect(readReport('stored peer-x/1 5123 1790000000000.125')).toEqual({
      what: 'stored',
      run: 'peer-x/1',
      households: 5_123,
      atMs: 1_790_000_000_000.125,
    });
  });

  it.each(['ready', '', 'stored', 'stored peer-x/1 many now', 'read peer-x/1 1 1'])('%j is no report', (line) => {
    expect(readReport(line)).toBeUndefined();
  });
});

describe('a run', () => {
  const report = (what: 'stored' | 'acknowledged', households: number, atMs: number, run = 'a') =>
    ({ what, run, households, atMs }) as const;

  it('ends with its last acknowledged household, whatever other runs report', () => {
    const tally = new RunTally('a');
    tally.add(report('stored', 60, 10));
    tally.add(report('acknowledged', 60, 11));
    tally.add(report('acknowledged', 40, 12, 'b'));
    tally.add(report('stored', 40, 20));
    expect(tally.ends(100)).toBeUndefined();
    tally.add(report('acknowledged', 40, 25));
    expect(tally.ends(100)).toEqual({ storedMs: 20, acknowledgedMs: 25 });
  });

  it('of more households than there are is refused', () => {
    const tally = new RunTally('a');
    tally.add(report('stored', 101, 10));
    expect(() => tally.ends(100)).toThrow('101 of 100');
  });
});
