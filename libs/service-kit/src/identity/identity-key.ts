/**
 * ID numbers under a key (docs/adr/0027): registry and intake hash the same number to the same 32 bytes and so find the same
 * person, while a table or topic of hashes tells nobody anything who has no key.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { EnvReader } from '../env/env-reader.js';

const HEX_KEY = /^[0-9a-f]{64}$/i;

/** A key object prints no bytes, in a log line or elsewhere. */
export type IdentityKey = KeyObject;

export function identityKeyOf(hex: string): IdentityKey {
  if (!HEX_KEY.test(hex)) throw new RangeError('an identity key has 64 hexadecimal digits');
  return createSecretKey(hex, 'hex');
}

/** FANGPIN_IDENTITY_KEY: 64 hexadecimal digits, the same for registry and intake, for good. */
export function identityKeyFrom(read: EnvReader): IdentityKey {
  const hex = read.text('FANGPIN_IDENTITY_KEY');
  if (HEX_KEY.test(hex)) return identityKeyOf(hex);
  if (hex !== '') read.complain('FANGPIN_IDENTITY_KEY', 'must be a key of 64 hexadecimal digits');
  // A stand-in for the reader, whose `done` throws.
  return identityKeyOf('0'.repeat(64));
}

/** HMAC-SHA-256 of an ID number as `findIdNumber` of domain-kit gives it: 32 bytes. */
export function identityHash(key: IdentityKey, idNumber: string): Buffer {
  return createHmac('sha256', key).update(idNumber, 'ascii').digest();
}
