import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startThings, type Things } from './support/things.js';

describe('for those who run a service', () => {
  let app: Things['app'];
  let officer: Things['officer'];

  beforeAll(async () => {
    ({ app, officer } = await startThings());
  });
  afterAll(() => app.close());

  it('is alive and ready', async () => {
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'ok' });
    expect((await app.inject('/health/ready')).json()).toEqual({ status: 'ok', details: {} });
  });

  it('counts requests by route, not by path', async () => {
    await app.inject({ url: '/v1/things/532328', headers: officer });
    const { body } = await app.inject('/metrics');
    expect(body).toContain('route="/v1/things/:id"');
    expect(body).not.toContain('532328');
  });

  it('keeps a correlation id and a trace that come in, and makes them where they are unusable', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const kept = await app.inject({ url: '/health/live', headers: { 'x-correlation-id': 'abc-1', traceparent } });
    expect(kept.headers['x-correlation-id']).toBe('abc-1');
    expect(kept.headers['traceparent']).toMatch(
      /^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/,
    );
    const made = await app.inject({
      url: '/health/live',
      headers: { 'x-correlation-id': 'a b\tc', traceparent: 'x' },
    });
    expect(made.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('describes itself in OpenAPI 3.1, with roles, sign-in and problems', async () => {
    const document = (await app.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).not.toContain('/health/live');
    expect(document.paths['/v1/things'].post).toMatchObject({
      security: [{ bearer: [] }],
      'x-roles': ['county-officer'],
      responses: { 401: {}, 403: {}, default: {} },
    });
    expect(document.paths['/v1/things/open'].get.security).toEqual([]);
    expect(document.paths['/v1/things/me'].get['x-roles']).toEqual(['county-officer', 'auditor']);
    expect(document.components.schemas.Problem.required).toContain('code');
  });
});
