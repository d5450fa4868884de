import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cellScope } from '@fangpin/persistence';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { PollDue } from '../src/sources/polling/poll-due.js';
import { capXml } from './shock-app.js';
import {
  letPass,
  startPublisher,
  startSourceStack,
  type Instance,
  type Publisher,
  type SourceStack,
} from './source-app.js';

let stack: SourceStack;
let publisher: Publisher;
beforeAll(async () => {
  stack = await startSourceStack();
  publisher = await startPublisher();
});
const started: Instance[] = [];
afterEach(async () => {
  for (const instance of started.splice(0)) await instance.stop();
  publisher.asked.length = 0;
});
afterAll(async () => {
  await publisher.close();
  await stack.close();
});

const polled = (name: string, over: object = {}): object => ({
  name,
  format: 'cap',
  url: `${publisher.url}/${name}`,
  everySeconds: 3_600,
  enabled: true,
  ...over,
});
async function start(declared: readonly object[], lookEverySeconds?: number): Promise<Instance> {
  const instance = await stack.start(declared, lookEverySeconds);
  started.push(instance);
  return instance;
}
const poll = async (instance: Instance, name: string) =>
  (await instance.call('POST', `/v1/shocks/sources/${name}/poll`)).body;
const due = (instance: Instance) => instance.app.get(PollDue, { strict: false }).pollDue();
const messagesOf = (name: string): Promise<{ count: number }[]> =>
  stack.database.transaction(cellScope('spec'), (tx) =>
    tx.query('SELECT count(*)::integer AS count FROM shock_messages WHERE received_by = $1', [`source/${name}`]),
  );
const serve = (body: string | Buffer, headers: Record<string, string> = {}) => {
  publisher.answer = (_, response) => void response.writeHead(200, headers).end(body);
};

describe('a polled source', () => {
  it('is off where nobody declared it or switched it on, and then nothing goes out', async () => {
    serve(capXml());
    const instance = await start([polled('asleep', { enabled: false })], 1);
    expect(await due(instance)).toEqual({});
    expect(await instance.source('asleep')).toMatchObject({ state: 'off', nextPollAt: null, silentSince: null });
    expect(await instance.call('POST', '/v1/shocks/sources/asleep/poll')).toMatchObject({
      status: 409,
      body: { code: 'SOURCE.OFF' },
    });
    const none = await start([]);
    expect(await due(none)).toEqual({});
    expect(publisher.asked).toEqual([]);
  });

  it('is asked for news only: with its own validators, and 304 takes nothing', async () => {
    const xml = capXml();
    publisher.answer = ({ headers }, response) =>
      void (headers['if-none-match'] === '"v1"'
        ? response.writeHead(304).end()
        : response.writeHead(200, { etag: '"v1"', 'last-modified': 'Sat, 18 Jul 2026 02:00:00 GMT' }).end(xml));
    const secret = { headers: { authorization: { env: 'FEED_TOKEN' } } };
    const instance = await start([polled('conditional', secret)]);
    expect(await due(instance)).toEqual({ conditional: 'taken' });
    expect(await instance.source('conditional')).toMatchObject({
      state: 'ok',
      mode: 'polled',
      format: 'cap',
      circuit: 'closed',
      lastError: null,
      failures: 0,
    });
    await instance.stop();
    // Another process goes on where the first one stopped.
    const next = await start([polled('conditional', secret)]);
    expect(await due(next)).toEqual({});
    await letPass(stack.database, 'conditional', '2 hours');
    expect(await due(next)).toEqual({ conditional: 'unchanged' });
    expect(publisher.asked.map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']])).toEqual([
      [undefined, undefined],
      ['"v1"', 'Sat, 18 Jul 2026 02:00:00 GMT'],
    ]);
    expect(publisher.asked[0]?.headers.authorization).toBe('Bearer of-the-feed');
    expect(await messagesOf('conditional')).toEqual([{ count: 1 }]);
  });

  it('that knows no conditions is taken once for the same bytes, and not heard again', async () => {
    serve(capXml());
    const instance = await start([polled('unconditional')]);
    expect(await poll(instance, 'unconditional')).toMatchObject({ outcome: 'taken' });
    const heard = (await instance.source('unconditional'))?.['lastHeardAt'];
    expect(await poll(instance, 'unconditional')).toMatchObject({ outcome: 'unchanged', lastHeardAt: heard });
  });

  it('that sends what cannot be taken is kept with the reason, and asked again without validators', async () => {
    serve('<alert>half', { etag: '"bad"' });
    const instance = await start([polled('broken')]);
    expect(await poll(instance, 'broken')).toMatchObject({
      outcome: 'refused',
      state: 'failing',
      refusals: 1,
      failures: 0,
      circuit: 'closed',
      lastHeardAt: null,
    });
    await poll(instance, 'broken');
    const { body } = await instance.call('GET', '/v1/shocks/sources/broken/refusals');
    expect(body).toMatchObject({ items: [{ times: 2, sizeBytes: 11, contentBase64: btoa('<alert>half') }] });
    serve(capXml(), { etag: '"good"' });
    expect(await poll(instance, 'broken')).toMatchObject({ outcome: 'taken', state: 'ok', lastError: null });
    expect(publisher.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined, undefined]);
  });

  it('that fails is left alone longer each time, then broken off, probed, and back', async () => {
    publisher.answer = (_, response) => void response.writeHead(500).end('no');
    const instance = await start([polled('failing')]);
    for (let failures = 1; failures <= 4; failures += 1) {
      expect(await due(instance)).toEqual({ failing: 'failed' });
      expect(await instance.source('failing')).toMatchObject({
        state: 'failing',
        failures,
        circuit: 'closed',
        lastError: { code: 'SOURCE.HTTP_STATUS' },
      });
      expect(await due(instance)).toEqual({});
      await letPass(stack.database, 'failing', '1 hour');
    }
    await due(instance);
    expect(await instance.source('failing')).toMatchObject({ failures: 5, circuit: 'open' });
    await letPass(stack.database, 'failing', '1 hour');
    expect(await instance.source('failing')).toMatchObject({ circuit: 'half-open' });
    expect(await due(instance)).toEqual({ failing: 'failed' });
    expect(await instance.source('failing')).toMatchObject({ failures: 6, circuit: 'open' });
    expect(publisher.asked).toHaveLength(6);
    serve(capXml());
    // The operator need not wait for the break to end.
    expect(await poll(instance, 'failing')).toMatchObject({
      outcome: 'taken',
      circuit: 'closed',
      failures: 0,
      state: 'ok',
    });
  });

  it('is asked no sooner than it wished', async () => {
    publisher.answer = (_, response) => void response.writeHead(429, { 'retry-after': '7200' }).end();
    const instance = await start([polled('modest')]);
    await due(instance);
    await letPass(stack.database, 'modest', '1 hour 58 minutes');
    expect(await due(instance)).toEqual({});
    await letPass(stack.database, 'modest', '3 minutes');
    expect(await due(instance)).toEqual({ modest: 'failed' });
  });

  it('that sends too much is cut off, also where it is packed', async () => {
    const instance = await start([polled('endless'), polled('packed')]);
    publisher.answer = (_, response) => {
      const more = (): void => {
        while (!response.destroyed) if (!response.write(Buffer.alloc(1_048_576, 'a'))) break;
      };
      response.on('drain', more).writeHead(200);
      more();
    };
    expect(await poll(instance, 'endless')).toMatchObject({ lastError: { code: 'SOURCE.TOO_LARGE' } });
    const bomb = gzipSync(Buffer.alloc(32 * 1_048_576));
    serve(bomb, { 'content-encoding': 'gzip' });
    expect(await poll(instance, 'packed')).toMatchObject({
      outcome: 'failed',
      lastError: { code: 'SOURCE.TOO_LARGE' },
    });
  });

  it('is followed within its host only', async () => {
    const xml = capXml();
    const elsewhere = publisher.url.replace('127.0.0.1', 'localhost');
    publisher.answer = ({ url }, response) => {
      if (url === '/moved') response.writeHead(302, { location: '/here' }).end();
      else if (url === '/lured') response.writeHead(302, { location: `${elsewhere}/here` }).end();
      else if (url === '/circling') response.writeHead(302, { location: '/circling' }).end();
      else response.writeHead(200).end(xml);
    };
    const instance = await start(['moved', 'lured', 'circling'].map((name) => polled(name)));
    expect(await poll(instance, 'moved')).toMatchObject({ outcome: 'taken' });
    expect(await poll(instance, 'lured')).toMatchObject({ lastError: { code: 'SOURCE.REDIRECT_REFUSED' } });
    expect(await poll(instance, 'circling')).toMatchObject({ lastError: { code: 'SOURCE.REDIRECT_REFUSED' } });
    expect(publisher.asked.filter(({ path }) => path === '/here')).toHaveLength(1);
  });

  it('is polled by one of several processes', async () => {
    const waiting: ServerResponse[] = [];
    publisher.answer = (_, response) => void waiting.push(response);
    const declared = [polled('shared')];
    const [one, other] = [await start(declared), await start(declared)];
    const first = due(one);
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await due(other)).toEqual({});
    expect(await other.call('POST', '/v1/shocks/sources/shared/poll')).toMatchObject({
      status: 409,
      body: { code: 'SOURCE.BUSY' },
    });
    waiting[0]?.writeHead(200).end(capXml());
    expect(await first).toEqual({ shared: 'taken' });
    expect(await due(other)).toEqual({});
    expect(publisher.asked).toHaveLength(1);
  });

  it('passes to another process when its lease runs out, and the first one writes nothing any more', async () => {
    const waiting: ServerResponse[] = [];
    publisher.answer = (_, response) => void waiting.push(response);
    const declared = [polled('orphaned')];
    const [hung, other] = [await start(declared), await start(declared)];
    const first = due(hung);
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await letPass(stack.database, 'orphaned', '2 minutes');
    serve(capXml(), { etag: '"of the other"' });
    expect(await due(other)).toEqual({ orphaned: 'taken' });
    waiting[0]?.writeHead(200, { etag: '"late"' }).end(capXml());
    expect(await first).toEqual({ orphaned: 'lease-lost' });
    const [row] = await stack.database.transaction(cellScope('spec'), (tx) =>
      tx.query(`SELECT etag FROM source_polls JOIN sources USING (source_id) WHERE name = 'orphaned'`),
    );
    expect(row).toEqual({ etag: '"of the other"' });
  });

  it('given back by a process that stops is polled by the next at once', async () => {
    publisher.answer = () => undefined;
    const stopping = await start([polled('handed-on')]);
    const round = due(stopping);
    while (publisher.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await stopping.stop();
    expect(await round).toEqual({ 'handed-on': 'stopped' });
    serve(capXml());
    expect(await due(await start([polled('handed-on')]))).toEqual({ 'handed-on': 'taken' });
  });

  it('is polled by itself where the process looks for what is due', async () => {
    serve(capXml());
    const instance = await start([polled('by-itself')], 1);
    while (publisher.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await instance.stop();
    expect(await messagesOf('by-itself')).toEqual([{ count: 1 }]);
  });

  it('of prices goes the way of posted prices', async () => {
    serve('product,market,unit,date,price\n生猪,全国,元/公斤,2021-01-03,20\n');
    const instance = await start([polled('prices', { format: 'market-prices-csv' })]);
    expect(await poll(instance, 'prices')).toMatchObject({ outcome: 'taken', format: 'market-prices-csv' });
    expect(await messagesOf('prices')).toEqual([{ count: 1 }]);
  });

  it('of warnings in force goes the way of posted snapshots', async () => {
    const updated = new Date(Date.now() - 60_000).toISOString();
    serve(JSON.stringify({ updated, warnings: {} }));
    const instance = await start([polled('in-force', { format: 'warning-snapshot' })]);
    expect(await poll(instance, 'in-force')).toMatchObject({ outcome: 'taken' });
    serve('[not json');
    expect(await poll(instance, 'in-force')).toMatchObject({ outcome: 'refused', refusals: 1 });
  });

  it('of earthquakes and of warning lists goes the way of posted ones, an empty day too', async () => {
    const instance = await start([
      polled('quakes', { format: 'earthquakes-geojson' }),
      polled('listed', { format: 'warning-list' }),
    ]);
    const properties = {
      mag: 5.2,
      place: 'Yunnan',
      time: Date.now() - 60_000,
      updated: Date.now(),
      type: 'earthquake',
    };
    const quake = {
      type: 'Feature',
      id: 'spec1',
      properties,
      geometry: { type: 'Point', coordinates: [101.67, 26.05, 10] },
    };
    serve(JSON.stringify({ type: 'FeatureCollection', features: [] }));
    expect(await poll(instance, 'quakes')).toMatchObject({ outcome: 'taken', state: 'ok' });
    serve(JSON.stringify({ type: 'FeatureCollection', features: [quake] }));
    expect(await poll(instance, 'quakes')).toMatchObject({ outcome: 'taken', state: 'ok' });
    expect(await messagesOf('quakes')).toEqual([{ count: 1 }]);
    serve(JSON.stringify({ list: [] }));
    expect(await poll(instance, 'listed')).toMatchObject({ outcome: 'taken', state: 'ok' });
  });
});

describe('an index of CAP links', () => {
  const entry = (path: string): string =>
    `<entry><id>${path}</id><link rel="alternate" type="application/cap+xml" href="${path}"/><updated>2026-07-18T02:00:00Z</updated></entry>`;
  const atom = (...entries: string[]): string => `<feed xmlns="http://www.w3.org/2005/Atom">${entries.join('')}</feed>`;

  it('has each of its messages fetched once, and leads to no other host', async () => {
    const messages = new Map([1, 2].map((n) => [`/m${n}`, capXml({ identifier: randomUUID() })]));
    let paths = ['/m1', '/m2', 'http://localhost:1/m3'];
    publisher.answer = ({ url = '' }, response) => {
      const body = url === '/index' ? atom(...paths.map(entry)) : messages.get(url);
      response.writeHead(body === undefined ? 404 : 200, { etag: `"${paths.length}"` }).end(body);
    };
    const instance = await start([polled('index', { format: 'cap-feed' })]);
    expect(await poll(instance, 'index')).toMatchObject({
      outcome: 'refused',
      lastError: { code: 'SOURCE.LINK_REFUSED' },
    });
    expect(await messagesOf('index')).toEqual([{ count: 2 }]);
    paths = ['/m1', '/m2', '/m4'];
    expect(await poll(instance, 'index')).toMatchObject({
      outcome: 'failed',
      lastError: { code: 'SOURCE.HTTP_STATUS' },
    });
    messages.set('/m4', capXml({ identifier: randomUUID() }));
    expect(await poll(instance, 'index')).toMatchObject({ outcome: 'taken', state: 'ok' });
    expect(publisher.asked.map(({ path }) => path)).toEqual(['/index', '/m1', '/m2', '/index', '/m4', '/index', '/m4']);
    // Only now is the index itself remembered.
    expect(publisher.asked.map(({ headers }) => headers['if-none-match']).filter(Boolean)).toEqual([]);
    await poll(instance, 'index');
    expect(publisher.asked.at(-1)?.headers['if-none-match']).toBe('"3"');
  });

  it('whose links all fail is broken off within a round', async () => {
    const paths = Array.from({ length: 9 }, (_, n) => `/gone${n}`);
    publisher.answer = ({ url }, response) =>
      void (url === '/dead-links' ? response.end(atom(...paths.map(entry))) : response.writeHead(503).end());
    const instance = await start([polled('dead-links', { format: 'cap-feed' })]);
    expect(await poll(instance, 'dead-links')).toMatchObject({ outcome: 'failed', circuit: 'open' });
    expect(publisher.asked).toHaveLength(6);
  });
});
