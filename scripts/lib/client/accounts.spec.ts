import { describe, expect, it } from '@jest/globals';
import { differences } from './accounts.ts';

describe('households found beside those that must be found', () => {
  it('are no fault when each stands there once, in whatever order', () => {
    expect(differences('found', [3, 1, 2], [1, 2, 3])).toEqual([]);
  });

  it('are named when missed, strange or doubled', () => {
    expect(differences('found', [1, 9, 3, 3], [1, 2, 3])).toEqual([
      'found: 1 missed, as 2',
      'found: 1 too many, as 9',
      'found: 1 doubled, as 3',
    ]);
  });
});
