import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIMIT, problemOf, startThings, type Things } from './support/things.js';

describe('refusing a request', () => {
  let app: Things['app'];
  let officer: Things['officer'];

  beforeAll(async () => {
    ({ app, officer } = await startThings());
  });
  afterAll(() => app.close());

  const post = (payload: string | Buffer, contentType?: string) =>
    app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { ...officer, ...(contentType === undefined ? {} : { 'content-type': contentType }) },
      payload,
    });

  it('names every bad field by path, value and rule', async () => {
    const response = await post(
      JSON.stringify({ kind: 3, rows: [{ price: 1 }, { price: 11 }], extra: 1 }),
      'application/json',
    );
    expect(response.statusCode).toBe(400);
    const { errors, code } = problemOf(response);
    expect(code).toBe('REQUEST.INVALID_FIELDS');
    expect(errors).toEqual([
      { field: 'extra', value: 1, rule: 'is not a known member' },
      { field: 'kind', value: 3, rule: 'must be a string' },
      { field: 'rows[1].price', value: 11, rule: 'must not be greater than 10' },
    ]);
  });

  it('names the fields of a body that is missing', async () => {
    const response = await app.inject({ method: 'POST', url: '/v1/things', headers: officer });
    expect(response.statusCode).toBe(400);
    expect(problemOf(response)['errors']).toEqual(
      expect.arrayContaining([expect.objectContaining({ field: 'kind', value: null })]),
    );
  });

  it.each(['{"kind":', '[1,', 'nonsense', '{"__proto__":{"role":"operator"}}'])('refuses the JSON %s', async (text) => {
    const response = await post(text, 'application/json');
    expect(response.statusCode).toBe(400);
    expect(problemOf(response)).toMatchObject({ code: 'REQUEST.MALFORMED_JSON', errors: [{ field: 'body' }] });
  });

  it('refuses JSON that nests without end, naming the member and the limit', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `{"kind":${open.repeat(90)}1${close.repeat(90)}}`;
      expect(problemOf(await post(deep, 'application/json'))).toMatchObject({
        status: 400,
        code: 'REQUEST.JSON_TOO_DEEP',
        errors: [{ field: 'kind', value: null, rule: 'must nest at most 64 levels deep' }],
      });
    }
  });

  it('refuses JSON that says a member twice, instead of believing the last word', async () => {
    const response = await post('{"kind":"a","rows":[{"price":1,"price":2}]}', 'application/json');
    expect(problemOf(response)).toMatchObject({
      status: 400,
      code: 'REQUEST.JSON_NAME_TWICE',
      errors: [{ field: 'rows[0].price', value: null, rule: 'must be given once' }],
    });
  });

  it('refuses JSON that is not UTF-8', async () => {
    const response = await post(Buffer.from([0x22, 0xc5, 0xa9, 0xd6, 0x22]), 'application/json');
    expect(problemOf(response)).toMatchObject({ status: 400, code: 'REQUEST.MALFORMED_JSON' });
  });

  it('refuses a body in another encoding for what it is, and takes it as it is', async () => {
    const send = (encoding: string, payload: Buffer | string) =>
      app.inject({
        method: 'POST',
        url: '/v1/things',
        headers: { ...officer, 'content-type': 'application/json', 'content-encoding': encoding },
        payload,
      });
    const response = await send('gzip', gzipSync('{"kind":"a"}'));
    expect(problemOf(response)).toMatchObject({ status: 415, code: 'REQUEST.UNSUPPORTED_CONTENT_ENCODING' });
    expect(response.headers['accept-encoding']).toBe('identity');
    expect((await send('identity', '{"kind":"a","rows":[]}')).statusCode).toBe(201);
  });

  it('answers with a problem also what is no request at all', async () => {
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET /v1/things?limit=１ HTTP/1.1\r\nhost: x\r\n\r\n'),
      );
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.on('end', () => resolve(heard)).on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status: 400, code: 'REQUEST.UNREADABLE' });
  });

  it.each(['application/xml', 'multipart/form-data; boundary=x', 'nonsense'])(
    'does not take %s',
    async (contentType) => {
      const response = await post('<a/>', contentType);
      expect(response.statusCode).toBe(415);
      expect(problemOf(response)).toMatchObject({ code: 'REQUEST.UNSUPPORTED_CONTENT_TYPE', contentType });
    },
  );

  it('tells the size and the limit of a body that is too large', async () => {
    const response = await post(JSON.stringify({ kind: 'x'.repeat(LIMIT) }), 'application/json');
    expect(response.statusCode).toBe(413);
    expect(problemOf(response)).toMatchObject({
      code: 'REQUEST.BODY_TOO_LARGE',
      errors: [{ field: 'body', value: '1011 bytes', rule: 'must be at most 1000 bytes' }],
    });
  });

  it('takes a sheet as it is', async () => {
    const headers = { ...officer, 'content-type': 'text/csv; charset=gb18030' };
    const response = await app.inject({
      method: 'POST',
      url: '/v1/things/sheet',
      headers,
      payload: Buffer.from([0xc5, 0xa9]),
    });
    expect(response.json()).toEqual({ bytes: 2 });
  });

  it.each(['/nowhere', '/v1/things/5/nowhere', '/v1/nowhere?x=1'])('knows no route %s', async (url) => {
    const response = await app.inject({ url, headers: officer });
    expect(response.statusCode).toBe(404);
    expect(problemOf(response)).toMatchObject({ code: 'ROUTE.NOT_FOUND', instance: url.split('?')[0] });
  });

  it.each([
    ['a cut character', '/v1/things/%E4%BD'],
    ['a broken percent-encoding', '/v1/things/%zz'],
    ['six hundred digits', `/v1/things/${'9'.repeat(600)}`],
    ['letters for a number', '/v1/things/abc'],
  ])('answers a path with %s with a refusal, not a fault', async (_, url) => {
    const response = await app.inject({ url, headers: officer });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    problemOf(response);
  });

  it('tells nothing of a fault of its own', async () => {
    const response = await app.inject({ url: '/v1/things/broken', headers: officer });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(problemOf(response)).toMatchObject({
      code: 'INTERNAL',
      correlationId: response.headers['x-correlation-id'],
    });
  });

  it('says to come back when the database is away', async () => {
    const response = await app.inject({ url: '/v1/things/away', headers: officer });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('2');
    expect(problemOf(response)).toMatchObject({ code: 'SERVICE.DATABASE_UNAVAILABLE' });
  });

  it.each([
    [undefined, 428],
    ['"6"', 412],
    ['W/"7"', 412],
    ['"6", "7"', 201],
    ['*', 201],
  ])('holds If-Match %s against the revision: %i', async (ifMatch, status) => {
    const headers = { ...officer, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
    expect((await app.inject({ method: 'POST', url: '/v1/things/match', headers })).statusCode).toBe(status);
  });
});
