/**
 * The citizen's ID number (公民身份号码), GB 11643-1999: six digits of a division, eight of the day of birth, three in order, and
 * a check character over the seventeen before it (ISO 7064, MOD 11-2).
 */
const FORM = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/;
/** Lengths in which it is written: alone, or with the digits that a disability certificate adds (rulebook §9.2). */
const WRITTEN = [18, 20, 22];
/** Kind and grade of the disability, and B with a number where it was issued again. */
const CERTIFICATE_END = /^(\d{2}([\dB]\d)?)?$/;
const MODULUS = 11;
const CHECK_CHARACTERS = '0123456789X';

export const ID_NUMBER_RULE =
  'must be an ID number of 18 characters with its check digit, or a disability certificate number of 20 or 22 that begins with one';

/**
 * The eighteen characters of an ID number, capital X; of a disability certificate number the ID number that it begins with.
 * Undefined where the length, the day of birth or the check character is wrong. Whether anybody holds it is not known.
 */
export function findIdNumber(text: string): string | undefined {
  const written = text.trim().toUpperCase();
  if (!WRITTEN.includes(written.length) || !CERTIFICATE_END.test(written.slice(18))) return undefined;
  const number = written.slice(0, 18);
  const [, year, month, day] = FORM.exec(number) ?? [];
  if (year === undefined || !isDay(Number(year), Number(month), Number(day))) return undefined;
  return idCheckCharacter(number.slice(0, 17)) === number[17] ? number : undefined;
}

/** The last character for the seventeen digits before it. */
export function idCheckCharacter(seventeen: string): string {
  let sum = 0;
  for (const digit of seventeen) sum = ((sum + Number(digit)) * 2) % MODULUS;
  return CHECK_CHARACTERS[(MODULUS + 1 - sum) % MODULUS] as string;
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
