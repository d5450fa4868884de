import { Body, Controller, Get, Headers, Module, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiProperty } from '@nestjs/swagger';
import { NotFound, parseRegionCode } from '@fangpin/domain-kit';
import { testTokens, type TestTokens } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, ValidateNested } from 'class-validator';
import {
  Access,
  assertWithin,
  createServiceApp,
  CurrentCaller,
  page,
  PageQuery,
  Public,
  readPage,
  requireMatch,
  ServiceKitModule,
  type Caller,
  type CoreEnv,
  type Page,
} from '../src/index.js';

class Row {
  @ApiProperty()
  @IsInt()
  @Max(10)
  price!: number;
}

class Entry {
  @ApiProperty()
  @IsString()
  kind!: string;

  @ApiProperty({ type: [Row] })
  @ValidateNested({ each: true })
  @Type(() => Row)
  rows!: Row[];
}

@Access('county-officer', 'auditor')
@Controller('v1/things')
class ThingsController {
  @Get()
  list(@Query() query: PageQuery): Page<number> {
    const { limit, after } = readPage(query, { max: 3, default: 2 });
    const from = after === undefined ? 0 : Number(after[0]);
    const rows = [1, 2, 3, 4, 5].filter((n) => n > from).slice(0, limit + 1);
    return page(rows, limit, (row) => [row]);
  }

  @Get('me')
  me(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Get('broken')
  broken(): never {
    throw new Error('the secret of 张三');
  }

  @Get('away')
  away(): never {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  }

  @Get(':id')
  one(@Param('id', ParseIntPipe) id: number, @CurrentCaller() caller: Caller): never {
    assertWithin(caller, parseRegionCode('532328'));
    throw new NotFound('thing', String(id));
  }

  @Access('county-officer')
  @Post()
  add(@Body() entry: Entry): Entry {
    return entry;
  }

  @Post('match')
  match(@Headers('if-match') ifMatch: string | undefined): { ok: true } {
    requireMatch(ifMatch, 7);
    return { ok: true };
  }

  @Post('sheet')
  sheet(@Body() body: unknown): { bytes: number } {
    return { bytes: (body as Buffer).length };
  }

  @Public()
  @Get('open')
  open(): { open: true } {
    return { open: true };
  }
}

const LIMIT = 1_000;

function moduleOf(env: CoreEnv, controllers: Function[]) {
  @Module({
    imports: [ServiceKitModule.forRoot({ service: 'shock-feeds', env, database: false, bus: false })],
    controllers: controllers as never,
  })
  class TestModule {}
  return TestModule;
}

async function startApp(env: CoreEnv, controllers: Function[]): Promise<NestFastifyApplication> {
  const app = await createServiceApp({
    service: 'shock-feeds',
    title: 'Things',
    description: 'Things of the test.',
    module: moduleOf(env, controllers),
    env,
    rawBodies: ['text/csv'],
    bodyLimitBytes: LIMIT,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

describe('a service over HTTP', () => {
  let app: NestFastifyApplication;
  let tokens: TestTokens;
  let officer: Record<string, string>;
  let env: CoreEnv;

  beforeAll(async () => {
    tokens = await testTokens();
    env = { port: 0, host: '127.0.0.1', jwksFile: tokens.jwksFile, logLevel: 'silent' };
    app = await startApp(env, [ThingsController]);
    officer = { authorization: await tokens.bearer({ role: 'county-officer', region: '532327000000' }) };
  });
  afterAll(() => app.close());

  const problemOf = (response: { headers: Record<string, unknown>; json(): unknown }) => {
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    return response.json() as Record<string, unknown>;
  };

  describe('signing in', () => {
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

    it.each(['Basic abc', 'Bearer', 'Bearer a.b.c', 'Bearer \u00e9'])(
      'refuses the header %s',
      async (authorization) => {
        const response = await app.inject({ url: '/v1/things/me', headers: { authorization } });
        expect(response.statusCode).toBe(401);
      },
    );

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

  describe('refusing a request', () => {
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

    it.each(['{"kind":', '[1,', 'nonsense', '{"__proto__":{"role":"operator"}}'])(
      'refuses the JSON %s',
      async (text) => {
        const response = await post(text, 'application/json');
        expect(response.statusCode).toBe(400);
        expect(problemOf(response)).toMatchObject({ code: 'REQUEST.MALFORMED_JSON', errors: [{ field: 'body' }] });
      },
    );

    it('refuses JSON that is not UTF-8', async () => {
      const response = await post(Buffer.from([0x22, 0xc5, 0xa9, 0xd6, 0x22]), 'application/json');
      expect(problemOf(response)).toMatchObject({ status: 400, code: 'REQUEST.MALFORMED_JSON' });
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

  describe('lists', () => {
    it('are read page by page until there is no next one', async () => {
      const seen: number[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const query = cursor === undefined ? '' : `?cursor=${cursor}`;
        const { items, nextCursor } = (await app.inject({ url: `/v1/things${query}`, headers: officer })).json<
          Page<number>
        >();
        seen.push(...items);
        cursor = nextCursor;
      }
      expect(seen).toEqual([1, 2, 3, 4, 5]);
    });

    it.each(['limit=0', 'limit=4', 'limit=x', 'limit=1.5', 'limit=1&limit=2', 'cursor=abc', 'cursor=%00', 'other=1'])(
      'refuse ?%s and name the field',
      async (query) => {
        const response = await app.inject({ url: `/v1/things?${query}`, headers: officer });
        expect(response.statusCode).toBe(400);
        expect(problemOf(response)['errors']).toEqual([expect.objectContaining({ field: query.split('=')[0] })]);
      },
    );
  });

  describe('for those who run it', () => {
    it('is alive and ready', async () => {
      expect((await app.inject('/health/live')).json()).toEqual({ status: 'ok' });
      expect((await app.inject('/health/ready')).json()).toEqual({ status: 'ok', details: {} });
    });

    it('counts requests by route, not by path', async () => {
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
});
