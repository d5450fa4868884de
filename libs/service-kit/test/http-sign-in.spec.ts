import { Controller, Get } from '@nestjs/common';
import { testTokens } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemOf, startApp, startThings, type Things } from './support/things.js';

describe('signing in to a service', () => {
  let app: Things['app'];
  let tokens: Things['tokens'];
  let env: Things['env'];
  let officer: Things['officer'];

  beforeAll(async () => {
    ({ app, tokens, env, officer } = await startThings());
  });
  afterAll(() => app.close());

  it('tells who calls, with the area as a scope', async () => {
    const response = await app.inject({ url: '/v1/things/me', headers: officer });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      subject: 'county-officer@532327000000',
      role: 'county-officer',
      region: '532327',
      scope: { name: 'http', lo: 532327000000000, hi: 532328000000000 },
    });
  });

  it('asks for a token where none is sent', async () => {
    const response = await app.inject({ url: '/v1/things/me' });
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="fangpin"');
    expect(problemOf(response)).toMatchObject({
      status: 401,
      code: 'ACCESS.TOKEN_MISSING',
      instance: '/v1/things/me',
    });
  });

  it.each([
    ['an expired token', { role: 'auditor', lifetimeSeconds: -60 }],
    ['a token for another audience', { role: 'auditor', audience: 'other' }],
    ['a token of another issuer', { role: 'auditor', issuer: 'other' }],
    ['a token of an unknown role', { role: 'emperor' }],
    ['a token of no usable region', { role: 'auditor', region: '53232' }],
    ['a department client without a department', { role: 'department-client' }],
  ])('refuses %s', async (_, claims) => {
    const response = await app.inject({
      url: '/v1/things/me',
      headers: { authorization: await tokens.bearer(claims) },
    });
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(problemOf(response)).toMatchObject({ code: 'ACCESS.TOKEN_INVALID' });
  });

  it('refuses a token signed by a stranger under a known key name', async () => {
    const stranger = await testTokens();
    const response = await app.inject({
      url: '/v1/things/me',
      headers: { authorization: await stranger.bearer({ role: 'auditor' }) },
    });
    expect(response.statusCode).toBe(401);
  });

  it.each(['Basic abc', 'Bearer', 'Bearer a.b.c', 'Bearer \u00e9'])('refuses the header %s', async (authorization) => {
    const response = await app.inject({ url: '/v1/things/me', headers: { authorization } });
    expect(response.statusCode).toBe(401);
  });

  it('refuses another role before it looks at the body', async () => {
    const authorization = await tokens.bearer({ role: 'auditor' });
    const response = await app.inject({ method: 'POST', url: '/v1/things', headers: { authorization }, payload: {} });
    expect(response.statusCode).toBe(403);
    expect(problemOf(response)).toMatchObject({
      code: 'ACCESS.ROLE',
      allowed: ['county-officer'],
      reasons: [{ code: 'ACCESS.ROLE' }],
    });
  });

  it('keeps a caller within the area', async () => {
    const response = await app.inject({ url: '/v1/things/5', headers: officer });
    expect(response.statusCode).toBe(403);
    expect(problemOf(response)).toMatchObject({ code: 'SCOPE.OUTSIDE', region: '532328' });
  });

  it('lets anybody read what is public, though the controller is not', async () => {
    expect((await app.inject('/v1/things/open')).json()).toEqual({ open: true });
  });

  it('does not start with a route that says nothing about access', async () => {
    @Controller('v1/forgotten')
    class ForgottenController {
      @Get()
      read(): string {
        return 'all';
      }
    }
    await expect(startApp(env, [ForgottenController])).rejects.toThrow('ForgottenController.read');
  });
});
