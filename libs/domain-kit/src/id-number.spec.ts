import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findIdNumber, idCheckCharacter } from './id-number.js';

/** The example of GB 11643-1999. */
const PUBLISHED = '11010519491231002X';

describe('an ID number', () => {
  it('is taken with its check character, in either case, with spaces around it', () => {
    expect(findIdNumber(PUBLISHED)).toBe(PUBLISHED);
    expect(findIdNumber(' 11010519491231002x ')).toBe(PUBLISHED);
    expect(findIdNumber('440524188001010014')).toBe('440524188001010014');
  });

  it('is found in a disability certificate number', () => {
    expect(findIdNumber(`${PUBLISHED}42`)).toBe(PUBLISHED);
    expect(findIdNumber(`${PUBLISHED}42B1`)).toBe(PUBLISHED);
    expect(findIdNumber(`${PUBLISHED}4200000`)).toBeUndefined();
  });

  it.each(['', '110105491231002', '110105194912310021', '11010519490231002X', '1101051949123100２X', 'X'.repeat(18)])(
    'is not %j',
    (text) => expect(findIdNumber(text)).toBeUndefined(),
  );

  it('is refused with any one digit wrong', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (place, more) => {
        const digits = PUBLISHED.split('');
        digits[place] = String((Number(digits[place]) + more) % 10);
        expect(findIdNumber(digits.join(''))).toBeUndefined();
      }),
    );
    expect(idCheckCharacter('11010519491231002')).toBe('X');
  });
});
