import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '@fangpin/domain-kit';
import { PathUuid } from './path-uuid.js';

describe('an id in a path', () => {
  const read = (text: string): string => new PathUuid().transform(text, { type: 'param', data: 'shockId' });

  it('is read in lower case', () => {
    expect(read('9ECAE754-6F54-8BC1-98C1-69CA4EE97E65')).toBe('9ecae754-6f54-8bc1-98c1-69ca4ee97e65');
  });

  it('is refused by the name of its parameter where it is no UUID', () => {
    const refused = (): string => read('abc');
    expect(refused).toThrow(InvalidFields);
    expect(refused).toThrow('shockId must be a UUID');
  });
});
