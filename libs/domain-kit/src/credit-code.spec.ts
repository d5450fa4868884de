import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkCharacter, isCreditCode } from './credit-code.js';

/** Published codes of well-known firms. */
const KNOWN = ['9144030071526726XG', '91330100799655058B'];

describe('a unified social credit code', () => {
  it('of a real firm is known by its check digit', () => {
    for (const code of KNOWN) expect(isCreditCode(code)).toBe(true);
  });

  it('with any one character changed is none', () => {
    const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    const slip = fc.record({
      code: fc.constantFrom(...KNOWN),
      at: fc.integer({ min: 0, max: 17 }),
      by: fc.constantFrom(...characters),
    });
    fc.assert(
      fc.property(slip, ({ code, at, by }) => {
        const changed = code.slice(0, at) + by + code.slice(at + 1);
        return changed === code || !isCreditCode(changed);
      }),
    );
  });

  it('is written in capitals, without spaces and without letters that look like digits', () => {
    for (const text of ['', '9144030071526726xg', ' 9144030071526726XG', '9144030071526726XG ', '91440300I1526726XG'])
      expect(isCreditCode(text)).toBe(false);
    expect(() => checkCharacter('O')).toThrow(RangeError);
  });
});
