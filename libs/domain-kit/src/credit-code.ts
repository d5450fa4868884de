/**
 * The unified social credit code (统一社会信用代码) of a firm or body, GB 32100-2015: eighteen characters of digits and capital
 * letters without I, O, S, V and Z; the last is a check digit over the others.
 */
const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const MODULUS = CHARACTERS.length;
/** Weight of the character at each place: 3 to the power of the place, modulo 31 (GB 32100-2015, 附录A). */
const WEIGHT_BASE = 3;
const FORM = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

export const CREDIT_CODE_RULE =
  'must be a unified social credit code of 18 characters with its check digit (GB 32100-2015)';

/** Whether a text is such a code with the right check digit; lower case, spaces and other lengths are none. */
export function isCreditCode(text: string): boolean {
  return FORM.test(text) && checkCharacter(text.slice(0, -1)) === text.at(-1);
}

/** The last character for the seventeen before it. Refuses characters that no code has. */
export function checkCharacter(seventeen: string): string {
  let sum = 0;
  let weight = 1;
  for (const character of seventeen) {
    const value = CHARACTERS.indexOf(character);
    if (value < 0) throw new RangeError(`${character} stands in no credit code`);
    sum += value * weight;
    weight = (weight * WEIGHT_BASE) % MODULUS;
  }
  return CHARACTERS[(MODULUS - (sum % MODULUS)) % MODULUS] as string;
}
