/**
 * Ids. A household is a positive integer given by the registry; a shock is a UUID; what is derived from both (alert,
 * case, check item) is a UUID of version 8 that keeps the household's order, so that indexes stay local (architecture §12):
 * 52 bits name the origin, 62 bits hold the household (both stay safe integers; a table of origins refuses a clash).
 */
import { createHash } from 'node:crypto';
import { InvalidValue } from './domain-error.js';

export type HouseholdId = number;

export interface DerivedId {
  /** Which origin: a hash of (shock, cause) or the like; below 2^52. */
  readonly origin: number;
  readonly householdId: HouseholdId;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * An id out of what names a thing: a UUID of version 8, the same whenever it is made again. `namespace` keeps apart what different things are
 * named by.
 */
export function derivedUuid(namespace: string, identity: string): string {
  const hex = createHash('sha256').update(`${namespace}\n`).update(identity).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const ORIGIN_SPAN = 2 ** 52;

/**
 * The origin number of what came in (the id of a shock or of a department's finding) and a cause: the first 52 bits of a hash. A
 * clash is refused by the table of origins.
 */
export function originOf(sourceId: string, cause: string): number {
  const digest = createHash('sha256').update(`${sourceId}/${cause}`).digest('hex');
  return Number.parseInt(digest.slice(0, 13), 16);
}

/** The id of what one origin means to one household; refuses numbers that an id cannot hold. */
export function composeDerivedId({ origin, householdId }: DerivedId): string {
  if (!Number.isInteger(origin) || origin < 0 || origin >= ORIGIN_SPAN)
    throw new RangeError(`origin ${origin} out of range`);
  if (!Number.isSafeInteger(householdId) || householdId < 1)
    throw new RangeError(`household ${householdId} out of range`);
  const o = origin.toString(16).padStart(15, '0');
  const h = (0x8000000000000000n | BigInt(householdId)).toString(16);
  return `${o.slice(0, 8)}-${o.slice(8, 12)}-8${o.slice(12)}-${h.slice(0, 4)}-${h.slice(4)}`;
}

/** Reads an id made by {@link composeDerivedId}; refuses any other text, naming the field. */
export function parseDerivedId(text: string, field = 'id'): DerivedId {
  const id = text.toLowerCase();
  const variantAndHousehold = isUuid(id) && id[14] === '8' ? BigInt(`0x${id.slice(19).replace('-', '')}`) : 0n;
  const household = variantAndHousehold & 0x3fffffffffffffffn;
  const origin = Number(`0x${id.slice(0, 8)}${id.slice(9, 13)}${id.slice(15, 18)}`);
  if (
    variantAndHousehold >> 62n !== 2n ||
    household < 1n ||
    household > BigInt(Number.MAX_SAFE_INTEGER) ||
    origin >= ORIGIN_SPAN
  )
    throw new InvalidValue(field, text, 'must be an id given out by this system');
  return { origin, householdId: Number(household) };
}
