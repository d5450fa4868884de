/** Members of bodies that hold a person: their values are never told back, not even to the sender (logs keep the answers of proxies). */
const PERSONAL = new Set(['idNumber', 'phone', 'headName', 'bankAccount']);
/** An ID number, wherever it stands: a misspelt member must not tell it. Region and duty codes are shorter. */
const LIKE_AN_ID_NUMBER = /\d{17}/;

/** The value of a field as a problem may repeat it: null for a personal field, without the personal fields inside it otherwise. */
export function tellable(property: string, value: unknown): unknown {
  if (PERSONAL.has(property)) return null;
  if (Array.isArray(value)) return value.map((item) => tellable('', item));
  if (typeof value !== 'object' || value === null) return LIKE_AN_ID_NUMBER.test(String(value)) ? null : value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, tellable(name, inner)]));
}
