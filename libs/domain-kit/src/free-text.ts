/**
 * What people type in and others read (reasons, headlines, sources, notes) names nobody by a number: such texts go into events, alerts and
 * notices, where a person's data may not be (个人信息保护法 art. 6: no more than the purpose needs). Names cannot be told from other words;
 * numbers can.
 */

/** Refusals name field and rule, never the value. */
export const FREE_TEXT_RULE = 'must hold no ID number and no phone number';
export const SENT_KEY_RULE = 'must hold no ID number';

/** Eighteen characters with a day of birth in them, written in one or in groups. The check character may be mistyped, or missing. */
const ID_NUMBER =
  /(?<!\d)[1-9]\d{5}[ -]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dX]?(?![\dA-Z])/i;
/** Whatever else is as long: numbers of the first generation (15 digits), of bank cards, and of disability certificates. */
const LONG_NUMBER = /\d{15}/;
const MOBILE_PHONE = /(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/;

/** Whether a text holds an ID number, or what is as long, or the number of a mobile phone; full-width digits count as digits. */
export function holdsPersonalNumber(text: string): boolean {
  const plain = text.normalize('NFKC');
  return LONG_NUMBER.test(plain) || ID_NUMBER.test(plain) || MOBILE_PHONE.test(plain);
}

/** A refused value as the refusal may tell it: null where it is a text in which somebody's number stands. */
export const tellable = (value: unknown): unknown =>
  typeof value === 'string' && holdsPersonalNumber(value) ? null : value;

/** Whether a sender's own key, or an account, holds an ID number. Such keys may be long numbers themselves, so only the form with a day of birth counts. */
export const holdsIdNumber = (key: string): boolean => ID_NUMBER.test(key.normalize('NFKC'));
