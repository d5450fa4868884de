import { describe, expect, it } from '@jest/globals';
import { sourceOf } from './build.ts';

describe('a compiled file', () => {
  it('names the source it came from, its map too', () => {
    expect(sourceOf('cases/open-case.js')).toBe('cases/open-case.ts');
    expect(sourceOf('cases/open-case.js.map')).toBe('cases/open-case.ts');
  });

  it('is none when the compiler does not write such files', () => {
    expect(sourceOf('data/levels.json')).toBeUndefined();
  });
});
