/** A service with a few things to read and to post, for specs of what every service does over HTTP. */
import { Body, Controller, Get, Headers, Module, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiProperty } from '@nestjs/swagger';
import { NotFound, parseRegionCode } from '@fangpin/domain-kit';
import { testTokens, type TestTokens } from '@fangpin/testing';
import { expect } from '@jest/globals';
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
} from '../../src/index.js';

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

  @Get('others')
  others(@Query() query: PageQuery): Page<number> {
    return this.list(query);
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

/** Largest body that the things take, bytes. */
export const LIMIT = 1_000;

function moduleOf(env: CoreEnv, controllers: Function[]) {
  @Module({
    imports: [ServiceKitModule.forRoot({ service: 'shock-feeds', env, database: false, bus: false })],
    controllers: controllers as never,
  })
  class TestModule {}
  return TestModule;
}

export async function startApp(env: CoreEnv, controllers: Function[]): Promise<NestFastifyApplication> {
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

export interface Things {
  readonly app: NestFastifyApplication;
  readonly tokens: TestTokens;
  readonly env: CoreEnv;
  /** Headers of a county officer. */
  readonly officer: Record<string, string>;
}

export async function startThings(): Promise<Things> {
  const tokens = await testTokens();
  const env: CoreEnv = { port: 0, host: '127.0.0.1', jwksFile: tokens.jwksFile, logLevel: 'silent' };
  const app = await startApp(env, [ThingsController]);
  const officer = { authorization: await tokens.bearer({ role: 'county-officer', region: '532327000000' }) };
  return { app, tokens, env, officer };
}

/** The problem that an answer is. */
export function problemOf(response: { headers: Record<string, unknown>; json(): unknown }): Record<string, unknown> {
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  return response.json() as Record<string, unknown>;
}
