import { randomUUID } from 'node:crypto';
import { createServiceApp } from '@fangpin/service-kit';
import { eventually, testServers, testTokens, type TestTokens } from '@fangpin/testing';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import type { GatewayEnv } from '../src/env.js';
import { gatewayOptions } from '../src/gateway.js';
import { upstreams } from '../src/routing/route-table.js';

/** A logical database of Redis that no other spec uses: addresses are the same in every run. */
const REDIS_DATABASE = 9;
const LIMIT = 5;

describe('limits', () => {
  let tokens: TestTokens;
  let redisUrl: string;
  const running: NestFastifyApplication[] = [];

  beforeAll(async () => {
    tokens = await testTokens();
    redisUrl = `${testServers().redisUrl ?? ''}/${REDIS_DATABASE}`;
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    redis.disconnect();
  });
  afterEach(() => Promise.all(running.splice(0).map((app) => app.close())));

  async function start(more: Partial<GatewayEnv> = {}): Promise<NestFastifyApplication> {
    const app = await createServiceApp(
      gatewayOptions({
        port: 0,
        host: '127.0.0.1',
        jwksFile: tokens.jwksFile,
        logLevel: 'silent',
        redisUrl,
        // Nobody is there: what gets past the limits is a 503.
        serviceUrls: Object.fromEntries(upstreams.map((name) => [name, 'http://127.0.0.1:9'])) as never,
        subjectPerMinute: LIMIT,
        addressPerMinute: LIMIT,
        bodyLimitBytes: 1_024,
        ...more,
      }),
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    running.push(app);
    return app;
  }
  const asSubject = async (subject: string) => ({ authorization: await tokens.bearer({ role: 'auditor', subject }) });

  it('let an account pass so many times a minute, through all gateways together', async () => {
    const [one, other] = [await start(), await start()];
    const headers = await asSubject(randomUUID());
    await ready(one, other);
    const answers = [];
    for (let i = 0; i < LIMIT + 2; i += 1)
      answers.push(await (i % 2 === 0 ? one : other).inject({ url: '/v1/cases', headers }));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([503, 503, 503, 503, 503, 429, 429]);
    expect(answers.map(({ headers: sent }) => sent['ratelimit-remaining'])).toEqual([
      '4',
      '3',
      '2',
      '1',
      '0',
      '0',
      '0',
    ]);
    const refused = answers.at(-1);
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(refused?.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused?.json()).toMatchObject({ code: 'GATEWAY.TOO_MANY_REQUESTS', limit: LIMIT });
    expect((await one.inject({ url: '/v1/cases', headers: await asSubject(randomUUID()) })).statusCode).toBe(503);
  });

  it('slow down an address that comes without a valid token, and only it', async () => {
    const app = await start();
    await ready(app);
    const statuses = [];
    for (let i = 0; i < LIMIT + 1; i += 1)
      statuses.push(
        (await app.inject({ url: '/v1/cases', headers: i % 2 ? { authorization: 'Bearer x' } : {} })).statusCode,
      );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await app.inject({ url: '/v1/cases', headers: await asSubject(randomUUID()) })).statusCode).toBe(503);
  });

  it('never keep from health and documents', async () => {
    const app = await start();
    await ready(app);
    for (let i = 0; i < LIMIT + 1; i += 1) expect((await app.inject('/health/live')).statusCode).toBe(200);
  });

  it('are let go when Redis is away: every request passes, is counted as such, and readiness tells', async () => {
    const app = await start({ redisUrl: 'redis://127.0.0.1:9' });
    const headers = await asSubject(randomUUID());
    for (let i = 0; i < LIMIT + 2; i += 1)
      expect((await app.inject({ url: '/v1/cases', headers })).json()).toMatchObject({
        code: 'GATEWAY.SERVICE_UNAVAILABLE',
      });
    const operator = { authorization: await tokens.bearer({ role: 'operator' }) };
    expect((await app.inject({ url: '/metrics', headers: operator })).body).toMatch(
      /gateway_limits_bypassed_total\{.*\} 7/,
    );
    expect((await app.inject('/health/ready')).json()).toMatchObject({ checks: { limits: { status: 'degraded' } } });
  });
});

/** Waits until the gateways have their connection to Redis: until then requests pass uncounted. */
async function ready(...apps: NestFastifyApplication[]): Promise<void> {
  for (const app of apps)
    await eventually(async () => {
      const checks = { limits: { status: 'up' } };
      expect((await app.inject('/health/ready')).json()).toMatchObject({ checks });
    });
}
