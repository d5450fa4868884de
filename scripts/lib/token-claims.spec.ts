import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { ensureLocalKeys, LOCAL_AUDIENCE, LOCAL_ISSUER, signToken } from './local-keys.ts';
import { roles } from '@fangpin/domain-kit';
import { readTokenArguments } from './token-claims.ts';

const folder = mkdtempSync(join(tmpdir(), 'fangpin-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a local token', () => {
  it('is accepted by the public keys beside it and says who holds it', async () => {
    const keys = await ensureLocalKeys(folder);
    const claims = readTokenArguments({ role: 'department-client', region: '5323', department: 'civil-affairs' });
    const jwks = JSON.parse(readFileSync(keys.jwksFile, 'utf8')) as JSONWebKeySet;
    const { payload } = await jwtVerify(await signToken(keys, claims), createLocalJWKSet(jwks), {
      issuer: LOCAL_ISSUER,
      audience: LOCAL_AUDIENCE,
    });
    expect(payload).toMatchObject({
      role: 'department-client',
      region: '5323',
      department: 'civil-affairs',
      sub: 'local-department-client',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(12 * 3600);
  });

  it('is signed with a key that nobody else may read and that is made once', async () => {
    const first = await ensureLocalKeys(folder);
    const text = readFileSync(first.privateFile, 'utf8');
    expect(statSync(first.privateFile).mode & 0o777).toBe(0o600);
    expect(readFileSync((await ensureLocalKeys(folder)).privateFile, 'utf8')).toBe(text);
    expect(readFileSync(first.jwksFile, 'utf8')).not.toContain('"d"');
  });

  it('names a padded region by its shortest code', () => {
    expect(readTokenArguments({ role: 'county-officer', region: '532327000000' }).region).toBe('532327');
  });

  it.each(roles.filter((role) => role !== 'department-client'))('may be held by a %s', (role) => {
    expect(readTokenArguments({ role, region: '00' })).toMatchObject({ role, region: '00' });
  });

  it.each([
    ['an unknown role', { role: 'king', region: '53' }, /unknown role "king"/],
    ['no role', { region: '53' }, /--role is missing/],
    ['no region', { role: 'auditor' }, /--region is missing/],
    ['a region of five digits', { role: 'auditor', region: '53232' }, /no region code/],
    ['a region of letters', { role: 'auditor', region: 'yongren' }, /no region code/],
    ['a department client of no department', { role: 'department-client', region: '53' }, /--department/],
    ['a life of no hours', { role: 'auditor', region: '53', hours: '0' }, /--hours/],
    ['hours that are no number', { role: 'auditor', region: '53', hours: 'long' }, /--hours/],
  ])('is refused for %s', (_case, given, message) => {
    expect(() => readTokenArguments(given)).toThrow(message);
  });
});
