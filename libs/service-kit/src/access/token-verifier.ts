import { DomainError, findRegionCode } from '@fangpin/domain-kit';
import { regionScope } from '@fangpin/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { CoreEnv } from '../env/base-env.js';
import { ENV } from '../tokens.js';
import { Unauthenticated } from './access.errors.js';
import { fileKeySource, oidcKeySource, type KeySource } from './key-sources.js';
import { RememberedTokens } from './remembered-tokens.js';
import { roles, type Caller, type Role } from './roles.js';

export const AUDIENCE = 'fangpin';
// Asymmetric only: with a shared secret every service could issue tokens.
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Turns an `Authorization` header into a caller: signature, issuer, audience and time are checked, then the claims `sub`,
 * `role`, `region` and, of a department client, `department`. Refuses with 401; answers 503 when the keys cannot be had.
 */
@Injectable()
export class TokenVerifier {
  readonly #sources: readonly KeySource[];
  readonly #remembered = new RememberedTokens();

  constructor(@Inject(ENV) env: CoreEnv) {
    this.#sources = [
      ...(env.jwksFile === undefined ? [] : [fileKeySource(env.jwksFile)]),
      ...(env.oidcIssuer === undefined ? [] : [oidcKeySource(env.oidcIssuer)]),
    ];
  }

  async callerOf(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) throw new Unauthenticated('send a bearer token in the Authorization header');
    const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1];
    if (token === undefined)
      throw new Unauthenticated('the Authorization header is not a bearer token', 'invalid_token');
    return toCaller(await this.#verify(token));
  }

  async #verify(token: string): Promise<JWTPayload> {
    const source = this.#sources.find(({ issuer }) => issuer === issuerOf(token));
    if (source === undefined) throw new Unauthenticated('the token is of an unknown issuer', 'invalid_token');
    try {
      const keys = await source.keys();
      const known = this.#remembered.find(token, keys);
      if (known !== undefined) return known;
      const { payload } = await jwtVerify(token, keys, {
        issuer: source.issuer,
        audience: AUDIENCE,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      this.#remembered.remember(token, keys, payload);
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new Unauthenticated('the token has expired', 'invalid_token');
      if (error instanceof errors.JWTClaimValidationFailed)
        throw new Unauthenticated(`the token's claim ${error.claim} is not accepted`, 'invalid_token');
      if (
        error instanceof errors.JOSEError &&
        !(error instanceof errors.JWKSTimeout) &&
        error.code !== 'ERR_JOSE_GENERIC'
      )
        throw new Unauthenticated('the token is not signed by a known key', 'invalid_token');
      throw new DomainError(
        'ACCESS.KEYS_UNAVAILABLE',
        'unavailable',
        'the keys to check tokens with cannot be had now',
      );
    }
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw new Unauthenticated('the token cannot be read', 'invalid_token');
  }
}

function toCaller(payload: JWTPayload): Caller {
  const role = roles.find((known): known is Role => known === payload['role']);
  if (role === undefined) throw new Unauthenticated("the token's claim role is no known role", 'invalid_token');
  const region = typeof payload['region'] === 'string' ? findRegionCode(payload['region']) : undefined;
  if (region === undefined) throw new Unauthenticated("the token's claim region is no region code", 'invalid_token');
  const department = payload['department'];
  if (role === 'department-client' && (typeof department !== 'string' || department === ''))
    throw new Unauthenticated("a department client's token must name its department", 'invalid_token');
  return {
    subject: payload.sub ?? '',
    role,
    region,
    ...(typeof department === 'string' && department !== '' ? { department } : {}),
    scope: regionScope(region),
  };
}
