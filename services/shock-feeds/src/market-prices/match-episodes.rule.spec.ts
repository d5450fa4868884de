import { describe, expect, it } from '@jest/globals';
import { matchEpisodes } from './match-episodes.rule.js';

const fall = (from: string, latestDay: string) => ({ from, latestDay });

describe('a recomputed series', () => {
  it('keeps the shock of a fall whose first day a correction has moved', () => {
    const { pairs, gone } = matchEpisodes(
      [fall('2021-04-11', '2021-10-10')],
      [{ shockId: 'a', from: '2021-04-18', to: '2021-09-05' }],
    );
    expect(pairs).toMatchObject([{ shockId: 'a' }]);
    expect(gone).toEqual([]);
  });

  it('prefers equal first days to spans that meet', () => {
    const { pairs } = matchEpisodes(
      [fall('2021-01-03', '2021-03-07'), fall('2021-03-14', '2021-06-06')],
      [
        { shockId: 'late', from: '2021-03-14', to: '2021-06-06' },
        { shockId: 'early', from: '2021-01-10', to: '2021-03-14' },
      ],
    );
    expect(pairs.map(({ shockId }) => shockId)).toEqual(['early', 'late']);
  });

  it('recalls a shock that the prices no longer bear out', () => {
    const known = [{ shockId: 'a', from: '2021-04-18', to: '2021-09-05' }];
    expect(matchEpisodes([], known)).toEqual({ pairs: [], gone: ['a'] });
  });
});
