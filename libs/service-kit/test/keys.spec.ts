import { utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalKeys, signToken, testTokens } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TokenVerifier, type CoreEnv } from '../src/index.js';

const env = (more: Partial<CoreEnv>): CoreEnv => ({ port: 0, host: '127.0.0.1', logLevel: 'silent', ...more });

describe('the keys that tokens are checked with', () => {
  it('are read again when the file has changed', async () => {
    const { jwksFile, bearer } = await testTokens();
    const verifier = new TokenVerifier(env({ jwksFile }));
    const before = await bearer({ role: 'auditor' });
    expect(await verifier.callerOf(before)).toMatchObject({ role: 'auditor', region: '00' });
    const next = await createLocalKeys('local-2');
    await writeFile(jwksFile, JSON.stringify(next.jwks));
    await utimes(jwksFile, new Date(), new Date(Date.now() + 5_000));
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const after = `Bearer ${await signToken(next.privateJwk, { role: 'auditor' })}`;
    expect(await verifier.callerOf(after)).toMatchObject({ role: 'auditor' });
    await expect(verifier.callerOf(before)).rejects.toMatchObject({ status: 401 });
  });

  it('that cannot be had make the service unavailable, not the caller a stranger', async () => {
    const { bearer } = await testTokens();
    const verifier = new TokenVerifier(env({ jwksFile: '/nowhere/jwks.json' }));
    await expect(verifier.callerOf(await bearer({ role: 'auditor' }))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  describe('of an OpenID Connect issuer', () => {
    let server: Server;
    let issuer: string;
    let keys: Awaited<ReturnType<typeof createLocalKeys>>;

    beforeAll(async () => {
      keys = await createLocalKeys();
      server = createServer((request, response) => {
        const body = request.url === '/keys' ? keys.jwks : { issuer, jwks_uri: `${issuer}/keys` };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    it('are found by discovery', async () => {
      const verifier = new TokenVerifier(env({ oidcIssuer: issuer }));
      const token = await signToken(keys.privateJwk, { role: 'department-client', department: 'water', issuer });
      expect(await verifier.callerOf(`bearer ${token}`)).toMatchObject({ department: 'water' });
    });

    it('make the service unavailable while the issuer is away', async () => {
      const away = 'http://127.0.0.1:9';
      const verifier = new TokenVerifier(env({ oidcIssuer: away }));
      const token = await signToken(keys.privateJwk, { role: 'auditor', issuer: away });
      await expect(verifier.callerOf(`Bearer ${token}`)).rejects.toMatchObject({ kind: 'unavailable' });
    });
  });
});
