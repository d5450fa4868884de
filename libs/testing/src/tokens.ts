/** Bearer tokens as the local issuer gives them (service-kit reads their keys from FANGPIN_JWKS_FILE). For tests and local use. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';

const ALGORITHM = 'ES256';
const ISSUER = 'fangpin-local';
const AUDIENCE = 'fangpin';

export interface LocalKeys {
  readonly privateJwk: JWK;
  /** What goes into the JWKS file. */
  readonly jwks: { readonly keys: readonly JWK[] };
}

export interface TokenClaims {
  readonly role: string;
  /** Region code; the whole country unless told otherwise. */
  readonly region?: string;
  readonly department?: string;
  /** `sub`; made of role and region unless told otherwise. */
  readonly subject?: string;
  /** Twelve hours unless told otherwise; a negative number gives a token that has expired. */
  readonly lifetimeSeconds?: number;
  readonly issuer?: string;
  readonly audience?: string;
}

export async function createLocalKeys(kid = 'local-1'): Promise<LocalKeys> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  const named = { kid, alg: ALGORITHM, use: 'sig' };
  return {
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...named },
    jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), ...named }] },
  };
}

export async function signToken(privateJwk: JWK, claims: TokenClaims): Promise<string> {
  const region = claims.region ?? '00';
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    role: claims.role,
    region,
    ...(claims.department === undefined ? {} : { department: claims.department }),
  })
    .setProtectedHeader({ alg: ALGORITHM, kid: privateJwk.kid ?? 'local-1', typ: 'JWT' })
    .setIssuer(claims.issuer ?? ISSUER)
    .setAudience(claims.audience ?? AUDIENCE)
    .setSubject(claims.subject ?? `${claims.role}@${region}`)
    .setIssuedAt(now)
    .setExpirationTime(now + (claims.lifetimeSeconds ?? 43_200))
    .sign(await importJWK(privateJwk, ALGORITHM));
}

export interface TestTokens {
  /** For FANGPIN_JWKS_FILE, or `jwksFile` of an environment. */
  readonly jwksFile: string;
  token(claims: TokenClaims): Promise<string>;
  /** The header's value: `Bearer …`. */
  bearer(claims: TokenClaims): Promise<string>;
}

const folders: string[] = [];
// Tokens are made in hooks, where jest takes no further one; this one stands behind all that a spec defines after its imports.
afterAll(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A key pair of its own in a temporary folder, which is gone when the spec ends, and tokens signed with it. */
export async function testTokens(): Promise<TestTokens> {
  const { privateJwk, jwks } = await createLocalKeys();
  const folder = await mkdtemp(path.join(tmpdir(), 'fangpin-keys-'));
  folders.push(folder);
  const jwksFile = path.join(folder, 'jwks.json');
  await writeFile(jwksFile, JSON.stringify(jwks));
  const token = (claims: TokenClaims): Promise<string> => signToken(privateJwk, claims);
  return { jwksFile, token, bearer: async (claims) => `Bearer ${await token(claims)}` };
}
