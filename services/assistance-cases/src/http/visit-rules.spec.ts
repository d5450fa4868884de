import { describe, expect, it } from '@jest/globals';
import { dueBefore } from './due-filter.js';
import { checkerProblems, dayProblems } from './visit-rules.js';

const now = new Date('2026-07-20T00:30:00+08:00');

describe('a day that somebody names', () => {
  it('may be today in Beijing, and no later', () => {
    expect(dayProblems('toldOn', '2026-07-20', now, undefined)).toEqual([]);
    expect(dayProblems('toldOn', '2026-07-21', now, undefined)).toMatchObject([{ field: 'toldOn' }]);
  });

  it('may be the first on which there was anything to see, and no earlier', () => {
    expect(dayProblems('toldOn', '2026-07-18', now, '2026-07-18')).toEqual([]);
    expect(dayProblems('toldOn', '2026-07-17', now, '2026-07-18')).toEqual([
      { field: 'toldOn', value: '2026-07-17', rule: 'must not lie before there was anything to see (2026-07-18)' },
    ]);
  });

  it('must exist', () => {
    expect(dayProblems('toldOn', '2026-02-30', now, undefined)).toHaveLength(1);
    expect(dayProblems('toldOn', undefined, now, '2026-07-18')).toEqual([]);
  });
});

describe('checkers', () => {
  it('are counted once each', () => {
    expect(checkerProblems(['a', 'a '], 2)).toHaveLength(1);
    expect(checkerProblems(['a', 'b'], 2)).toEqual([]);
    expect(checkerProblems(['', ' '], 1)).toHaveLength(1);
    expect(checkerProblems(undefined, 1)).toHaveLength(1);
  });
});

describe('the due filter', () => {
  it('reads overdue, today and a day, to the end of it in Beijing', () => {
    expect(dueBefore('overdue', now)).toBe(now);
    expect(dueBefore('today', now).toISOString()).toBe('2026-07-20T16:00:00.000Z');
    expect(dueBefore('2026-12-31', now).toISOString()).toBe('2026-12-31T16:00:00.000Z');
  });

  it('refuses anything else', () => {
    for (const text of ['', 'soon', '2026-13-01', '2026-02-30', '20260720'])
      expect(() => dueBefore(text, now)).toThrow();
  });
});
