import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { createServiceApp } from '@fangpin/service-kit';
import { testServers, testTokens, type TestTokens } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayEnv } from '../src/env.js';
import { gatewayOptions } from '../src/gateway.js';
import { announcements, startUpstreams, urlsOf, type Seen, type Upstreams } from './upstreams.js';

const MIB = 1_048_576;

describe('the gateway', () => {
  let tokens: TestTokens;
  let services: Upstreams;
  let gateway: NestFastifyApplication;
  let address: string;
  let officer: { authorization: string };

  beforeAll(async () => {
    tokens = await testTokens();
    const core = { port: 0, host: '127.0.0.1', jwksFile: tokens.jwksFile, logLevel: 'silent' } as const;
    services = await startUpstreams(core);
    const env: GatewayEnv = {
      ...core,
      redisUrl: `${testServers().redisUrl ?? ''}/8`,
      serviceUrls: await urlsOf(services),
      subjectPerMinute: 100_000,
      addressPerMinute: 100_000,
      bodyLimitBytes: 17 * MIB,
    };
    gateway = await createServiceApp(gatewayOptions(env));
    await gateway.listen(0, '127.0.0.1');
    address = await gateway.getUrl();
    officer = { authorization: await tokens.bearer({ role: 'county-officer', region: '532327' }) };
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all(Object.values(services).map((app) => app.close()));
  });

  const get = (path: string, headers: Record<string, string> = officer) => fetch(`${address}${path}`, { headers });
  const post = (path: string, body: RequestInit['body'], headers: Record<string, string> = {}) =>
    fetch(`${address}${path}`, {
      method: 'POST',
      body: body ?? null,
      headers: { ...officer, ...headers },
      duplex: 'half',
    } as RequestInit);

  it('brings each path to its service, query and all', async () => {
    const seen = async (path: string) => (await (await get(path)).json()) as Seen;
    expect(await seen('/v1/shocks/7?limit=3&region=53%2327')).toMatchObject({
      service: 'shock-feeds',
      url: '/v1/shocks/7?limit=3&region=53%2327',
    });
    expect(await seen('/v1/shocks/7/fan-out')).toMatchObject({ service: 'risk-alerts' });
    expect(await seen('/v1/households')).toMatchObject({ service: 'household-registry' });
    expect(await seen('/v1/income-entries/x')).toMatchObject({ service: 'income-monitoring' });
    expect(await seen('/v1/cases/x')).toMatchObject({ service: 'assistance-cases' });
  });

  it('hands on who calls and the trace, and lets nobody speak for it', async () => {
    const response = await get('/v1/alerts/x', {
      ...officer,
      'x-correlation-id': 'mine-1',
      'x-forwarded-for': '8.8.8.8',
      forwarded: 'for=8.8.8.8',
      te: 'trailers',
    });
    const { headers } = (await response.json()) as Seen;
    expect(headers).toMatchObject({
      authorization: officer.authorization,
      'x-correlation-id': 'mine-1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': new URL(address).host,
    });
    expect(headers).not.toHaveProperty('forwarded');
    expect(headers).not.toHaveProperty('te');
    expect(response.headers.get('x-correlation-id')).toBe('mine-1');
    expect(response.headers.get('traceparent')?.slice(3, 35)).toBe(headers['traceparent']?.slice(3, 35));
  });

  it('streams answers of any size and leaves out what belongs to one connection', async () => {
    const response = await get('/v1/cases/sheets/stream?chunks=20000');
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(response.headers.get('keep-alive')).not.toBe('timeout=9');
    expect((await response.arrayBuffer()).byteLength).toBe(20_000 * 1_024);
  });

  it('hands on each event of a stream that does not end, and ends it when the listener goes away', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${address}/v1/shocks/7/fan-out/live/events`, {
      headers: { ...officer, accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const body = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await body.read()).value).toBe('data: first\n\n');
    announcements.emit('line', 'second');
    expect((await body.read()).value).toBe('data: second\n\n');
    const deserted = once(announcements, 'deserted');
    leaving.abort();
    await deserted;
  });

  it('answers while hundreds watch shocks on their way, each over a connection that it keeps', async () => {
    const leaving = new AbortController();
    const watching = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        fetch(`${address}/v1/shocks/${i}/fan-out/events`, { headers: officer, signal: leaving.signal }),
      ),
    );
    expect(watching.map(({ status }) => status)).toEqual(watching.map(() => 200));
    expect(await (await get('/v1/alerts/x')).json()).toMatchObject({ service: 'risk-alerts' });
    leaving.abort();
  });

  describe('signing in', () => {
    it.each(['/v1/shocks', '/v1/nowhere', '/v1/cases/x/../../../metrics', '/metrics'])(
      'is asked for %s',
      async (path) => {
        const response = await get(path, {});
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toContain('Bearer');
        expect(await response.json()).toMatchObject({ code: 'ACCESS.TOKEN_MISSING' });
      },
    );

    it.each(['/health/live', '/health/ready', '/openapi.json', '/docs', '/docs/swagger-ui-bundle.js'])(
      'is not asked for %s',
      async (path) => {
        expect((await get(path, {})).status).toBe(200);
      },
    );

    it('is refused for a bad token before the body is looked at', async () => {
      const response = await post('/v1/shocks/slow-answer', 'x'.repeat(5 * MIB), { authorization: 'Bearer a.b.c' });
      expect(response.status).toBe(401);
    });
  });

  describe('bodies', () => {
    const csv = { 'content-type': 'text/csv' };

    it('of 16 MiB arrive whole', async () => {
      const response = await post('/v1/shocks/slow-answer', Buffer.alloc(16 * MIB, 'a'), csv);
      expect(response.status).toBe(202);
      expect(await response.json()).toMatchObject({ bytes: 16 * MIB });
    });

    it('without a declared size arrive whole', async () => {
      const chunks = new ReadableStream({
        start(controller) {
          for (let i = 0; i < 64; i += 1) controller.enqueue(new Uint8Array(1_024).fill(97));
          controller.close();
        },
      });
      expect(await (await post('/v1/shocks/slow-answer', chunks, csv)).json()).toMatchObject({ bytes: 65_536 });
    });

    it('of JSON are passed on as they are', async () => {
      const response = await post('/v1/shocks/slow-answer', '{"a": 1}', { 'content-type': 'application/json' });
      expect(await response.json()).toMatchObject({ bytes: 7, headers: { 'content-length': '8' } });
    });

    it('of 20 MiB are refused with size and limit, and the connection lives on', async () => {
      for (let i = 0; i < 3; i += 1) {
        const response = await post('/v1/shocks/slow-answer', Buffer.alloc(20 * MIB), csv);
        expect(response.status).toBe(413);
        expect(await response.json()).toMatchObject({
          code: 'REQUEST.BODY_TOO_LARGE',
          errors: [{ field: 'body', value: `${20 * MIB} bytes`, rule: `must be at most ${17 * MIB} bytes` }],
        });
      }
    });

    it('of 20 MiB without a declared size are refused, too', async () => {
      const chunk = new Uint8Array(MIB);
      let sent = 0;
      const chunks = new ReadableStream({
        pull: (controller) => (sent++ < 20 ? controller.enqueue(chunk) : controller.close()),
      });
      const response = await post('/v1/shocks/slow-answer', chunks, csv);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'REQUEST.BODY_TOO_LARGE' });
    });

    it.each([
      ["over the service's own limit", '/v1/cases/slow-answer', csv, 413, 'REQUEST.BODY_TOO_LARGE'],
      [
        'of a type that the service does not take',
        '/v1/shocks/slow-answer',
        { 'content-type': 'application/pdf' },
        415,
        'REQUEST.UNSUPPORTED_CONTENT_TYPE',
      ],
      ['for a path that the service does not know', '/v1/shocks/nowhere', csv, 404, 'ROUTE.NOT_FOUND'],
    ])("%s get the service's answer, though it comes before they are read", async (_, path, headers, status, code) => {
      for (let i = 0; i < 5; i += 1) {
        const response = await post(path, Buffer.alloc(8 * MIB), headers);
        expect(response.status).toBe(status);
        expect(await response.json()).toMatchObject({ code });
      }
    });

    it('that are announced with Expect: 100-continue are taken', async () => {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = httpRequest(`${address}/v1/shocks/slow-answer`, {
          method: 'POST',
          headers: { ...officer, ...csv, expect: '100-continue', 'content-length': 3 },
        });
        request
          .on('continue', () => request.end('a,b'))
          .on('response', resolve)
          .on('error', reject);
        request.flushHeaders();
      });
      answer.resume();
      expect(answer.statusCode).toBe(202);
    });
  });

  describe('refusals', () => {
    it.each(['/v1/nowhere', '/v1/self-reports', '/v1'])('%s leads nowhere', async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    });

    it.each(['/v1/cases/%2e%2e/%2e%2e/metrics', '/v1/cases/../../metrics', '/v1/cases/..%2fmetrics', '/v1/cases/%zz'])(
      'a path such as %s reaches no service',
      async (path) => {
        const { hostname, port } = new URL(address);
        const answer = await new Promise<IncomingMessage>((resolve, reject) => {
          httpRequest({ hostname, port, path, headers: officer }, resolve).on('error', reject).end();
        });
        expect(answer.statusCode).toBe(400);
        expect(JSON.parse(await text(answer))).toMatchObject({ errors: [{ field: 'path' }] });
      },
    );

    it('of a service come through as they are', async () => {
      const response = await post('/v1/shocks/slow-answer', '{"a":', { 'content-type': 'application/json' });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: 'REQUEST.MALFORMED_JSON',
        instance: '/v1/shocks/slow-answer',
      });
    });
  });

  it('gives one OpenAPI document of all services', async () => {
    const document = (await (await get('/openapi.json', {})).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown>; securitySchemes: unknown };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/shocks', '/v1/alerts', '/v1/cases', '/v1/households', '/v1/income-entries']),
    );
    expect(Object.keys(document.paths).every((path) => path.startsWith('/v1/'))).toBe(true);
    // The same in every service: one schema each, none with a service's name in front.
    expect(Object.keys(document.components.schemas).toSorted()).toEqual(['Problem', 'ShocksEcho']);
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http' } });
  });

  it('shows it in Swagger UI from files of its own', async () => {
    const page = await (await get('/docs', {})).text();
    expect(page).not.toMatch(/(?:src|href)=['"]https?:/);
    expect(await (await get('/docs/swagger-ui-init.js', {})).text()).toContain('/v1/shocks');
  });

  it('is ready when every service is, and lists each', async () => {
    const ready = await (await get('/health/ready', {})).json();
    expect(ready).toMatchObject({
      status: 'ok',
      details: { 'shock-feeds': { status: 'up' }, limits: { status: 'up' } },
    });
    expect(Object.keys((ready as { details: object }).details)).toHaveLength(7);
  });

  it('says which service is away, and serves the others', async () => {
    await services['income-monitoring'].close();
    const away = await get('/v1/income-entries');
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('2');
    expect(await away.json()).toMatchObject({ code: 'GATEWAY.SERVICE_UNAVAILABLE', service: 'income-monitoring' });
    expect((await post('/v1/income-entries', Buffer.alloc(4 * MIB), { 'content-type': 'text/csv' })).status).toBe(503);
    expect((await get('/v1/cases')).status).toBe(200);
    const ready = await get('/health/ready', {});
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      code: 'SERVICE.NOT_READY',
      checks: { 'income-monitoring': { status: 'down' }, 'shock-feeds': { status: 'up' } },
    });
  });
});
