import { once } from 'node:events';
import { connect } from 'node:net';
import { createServiceApp } from '@fangpin/service-kit';
import { testServers, testTokens } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { gatewayOptions } from '../src/gateway.js';
import { announcements, startUpstreams, urlsOf, type Upstreams } from './upstreams.js';

const LISTENERS = 200;

// That the end comes at all, within the time of a test, is what is shown: Fastify keeps an idle connection for 72 s.
describe('a gateway that is told to stop', () => {
  let services: Upstreams;
  let start: () => Promise<NestFastifyApplication>;
  let gateway: NestFastifyApplication;
  let address: string;
  let headers: { authorization: string };

  beforeAll(async () => {
    const tokens = await testTokens();
    const core = { port: 0, host: '127.0.0.1', jwksFile: tokens.jwksFile, logLevel: 'silent' } as const;
    services = await startUpstreams(core);
    headers = { authorization: await tokens.bearer({ role: 'county-officer', region: '532327' }) };
    const env = {
      ...core,
      redisUrl: `${testServers().redisUrl ?? ''}/8`,
      serviceUrls: await urlsOf(services),
      subjectPerMinute: 100_000,
      addressPerMinute: 100_000,
      bodyLimitBytes: 1_048_576,
    };
    start = () => createServiceApp(gatewayOptions(env));
  });
  beforeEach(async () => {
    gateway = await start();
    await gateway.listen(0, '127.0.0.1');
    address = await gateway.getUrl();
  });
  afterAll(async () => {
    await Promise.all(Object.values(services).map((app) => app.close()));
  });

  const ask = async () => (await fetch(`${address}/v1/alerts/x`, { headers })).status;
  const watch = (shock: string | number, signal?: AbortSignal) =>
    fetch(`${address}/v1/shocks/${shock}/fan-out/events`, { headers, ...(signal && { signal }) });

  it('waits for nobody of the hundreds that listened and left at once', async () => {
    const leaving = new AbortController();
    await Promise.all(Array.from({ length: LISTENERS }, (_, i) => watch(i, leaving.signal)));
    leaving.abort();
    // A client that has lost so many connections opens some again before it has anything to ask.
    const { hostname, port } = new URL(address);
    const silent = connect(Number(port), hostname);
    await once(silent, 'connect');
    const ended = once(silent, 'close');
    expect(await ask()).toBe(200);
    await gateway.close();
    await ended;
  });

  it('ends each stream of events in order, for its listener to come again', async () => {
    const streams = await Promise.all([watch('a'), watch('b')]);
    const told = streams.map((response) => response.text());
    announcements.emit('line', 'second');
    await gateway.close();
    for (const text of await Promise.all(told)) expect(text).toMatch(/^data: first\n\n/);
  });

  it('tells the service that nobody listens any more', async () => {
    await watch('a');
    const deserted = once(announcements, 'deserted');
    await gateway.close();
    await deserted;
  });
});
