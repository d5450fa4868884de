/** The keys that signatures of CAP messages are checked with: PEM files of public keys and certificates. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { EnvReader } from '@fangpin/service-kit';

const BLOCK = /-----BEGIN (CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)-----[\s\S]*?-----END \1-----/g;

/** `FANGPIN_CAP_KEYS`: path of a file with one or more. Complains where it cannot be read or holds none. */
export function readCapKeys(read: EnvReader): readonly string[] {
  const path = read.optional('FANGPIN_CAP_KEYS');
  if (path === undefined) return [];
  try {
    const keys = publicKeysOf(readFileSync(path, 'utf8'));
    if (keys.length > 0) return keys;
  } catch {
    // Named below: what the file holds is nobody's business in a log.
  }
  read.complain('FANGPIN_CAP_KEYS', 'must name a PEM file with public keys or certificates');
  return [];
}

/** Each key as SPKI in PEM. Throws on a block that is none. */
export function publicKeysOf(pem: string): string[] {
  return [...pem.matchAll(BLOCK)].map(([block, label]) => {
    const key = label === 'CERTIFICATE' ? new X509Certificate(block).publicKey : createPublicKey(block);
    return key.export({ type: 'spki', format: 'pem' }).toString();
  });
}
