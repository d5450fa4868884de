/** Where the public keys of tokens come from: a file (local development, air-gapped counties) or an OpenID Connect issuer. */
import { readFile, stat } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export interface KeySource {
  /** The `iss` that its tokens must carry. */
  readonly issuer: string;
  keys(): Promise<JWTVerifyGetKey>;
}

export const LOCAL_ISSUER = 'fangpin-local';
/** How long a file is trusted to be unchanged before it is looked at again. */
const RECHECK_MS = 1_000;

export function fileKeySource(file: string): KeySource {
  let known: { stamp: string; keys: JWTVerifyGetKey } | undefined;
  let checkedAt = 0;
  return {
    issuer: LOCAL_ISSUER,
    keys: async () => {
      if (known !== undefined && Date.now() - checkedAt < RECHECK_MS) return known.keys;
      const { mtimeMs, size } = await stat(file);
      const stamp = `${mtimeMs}/${size}`;
      if (known?.stamp !== stamp) {
        known = { stamp, keys: createLocalJWKSet(JSON.parse(await readFile(file, 'utf8')) as JSONWebKeySet) };
      }
      checkedAt = Date.now();
      return known.keys;
    },
  };
}

export function oidcKeySource(issuer: string): KeySource {
  let discovered: Promise<JWTVerifyGetKey> | undefined;
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`the issuer's configuration answers ${response.status}`);
    const { jwks_uri: jwksUri } = (await response.json()) as { jwks_uri?: unknown };
    if (typeof jwksUri !== 'string') throw new Error("the issuer's configuration names no jwks_uri");
    return createRemoteJWKSet(new URL(jwksUri));
  };
  return {
    issuer,
    keys: async () => {
      discovered ??= discover();
      try {
        return await discovered;
      } catch (error) {
        discovered = undefined;
        throw error;
      }
    },
  };
}
