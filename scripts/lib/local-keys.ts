import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';

/** Whom local tokens are from and for; the services of a local stack accept these. */
export const LOCAL_ISSUER = 'fangpin-local';
export const LOCAL_AUDIENCE = 'fangpin';

const ALGORITHM = 'EdDSA';

/** A key pair for development. The private half never leaves the folder of keys. */
export interface LocalKeys {
  privateFile: string;
  /** Public keys as a JWK set, for `FANGPIN_JWKS_FILE`. */
  jwksFile: string;
}

/** What a token says about its holder. */
export interface TokenClaims {
  role: string;
  /** Region code in its shortest form. */
  region: string;
  department?: string | undefined;
  subject: string;
  /** Hours until it expires. */
  hours: number;
}

/** Finds the key pair of the folder or makes one. The private key is readable by its owner only. */
export async function ensureLocalKeys(folder: string): Promise<LocalKeys> {
  const keys = { privateFile: join(folder, 'private.jwk.json'), jwksFile: join(folder, 'jwks.json') };
  if (existsSync(keys.privateFile) && existsSync(keys.jwksFile)) return keys;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  const publicKey = await exportJWK(pair.publicKey);
  const named = { kid: await calculateJwkThumbprint(publicKey), alg: ALGORITHM, use: 'sig' };
  // The public set comes last: where it exists, its private half does too.
  writeWhole(keys.privateFile, { ...(await exportJWK(pair.privateKey)), ...named });
  writeWhole(keys.jwksFile, { keys: [{ ...publicKey, ...named }] });
  return keys;
}

/**
 * Finds the key for hashing ID numbers in the folder or makes one: 64 hexadecimal digits. Whoever loses it can match nobody
 * any more; `down -- --wipe` keeps it.
 */
export function ensureIdentityKey(folder: string): string {
  const file = join(folder, 'identity.key');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeText(file, `${randomBytes(32).toString('hex')}\n`);
  }
  return readFileSync(file, 'utf8').trim();
}

function writeWhole(file: string, content: unknown): void {
  writeText(file, `${JSON.stringify(content, null, 2)}\n`);
}

function writeText(file: string, text: string): void {
  const half = `${file}.${process.pid}`;
  writeFileSync(half, text, { mode: 0o600 });
  renameSync(half, file);
}

/** Signs a bearer token with the local key. */
export async function signToken(keys: LocalKeys, claims: TokenClaims): Promise<string> {
  const jwk = JSON.parse(readFileSync(keys.privateFile, 'utf8')) as JWK;
  const { role, region, department, subject, hours } = claims;
  const expiry = Math.floor(Date.now() / 1000) + Math.round(hours * 3600);
  return new SignJWT({ role, region, ...(department !== undefined && { department }) })
    .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid ?? '', typ: 'JWT' })
    .setIssuer(LOCAL_ISSUER)
    .setAudience(LOCAL_AUDIENCE)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(expiry)
    .sign(await importJWK(jwk, ALGORITHM));
}
