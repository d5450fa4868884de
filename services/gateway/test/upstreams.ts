/** Services for the gateway to stand in front of: real applications with controllers that tell what reached them. */
import { ServiceKitModule, Access, createServiceApp, roles, type CoreEnv } from '@fangpin/service-kit';
import { Body, Controller, Get, HttpCode, Module, Post, Query, Req, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { upstreams, type Upstream } from '../src/routing/route-table.js';

export interface Seen {
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly bytes: number;
}

/** What the upstreams' live streams say, in the spec's hands. */
export const announcements = new EventEmitter().setMaxListeners(0);

class ShocksEcho {
  @ApiProperty({ description: 'Of a shock.' })
  id!: string;
}

function echoController(service: Upstream, paths: readonly string[]): Function {
  @ApiTags(service)
  @Access(...roles)
  @Controller([...paths])
  class EchoController {
    @ApiOkResponse({ type: ShocksEcho })
    @Get(['', ':a', ':a/:b'])
    read(@Req() request: FastifyRequest): Seen {
      return this.#seen(request, 0);
    }

    @Post('slow-answer')
    @HttpCode(202)
    sheet(@Req() request: FastifyRequest, @Body() body: unknown): Seen {
      return this.#seen(request, Buffer.isBuffer(body) ? body.length : JSON.stringify(body ?? null).length);
    }

    @Get('sheets/stream')
    stream(@Query('chunks') chunks: string, @Res() reply: FastifyReply): void {
      const line = `${'x'.repeat(1_023)}\n`;
      const lines = function* () {
        for (let i = 0; i < Number(chunks); i += 1) yield line;
      };
      void reply.header('keep-alive', 'timeout=9').type('text/csv').send(Readable.from(lines()));
    }

    /** Speaks at once and then only when it hears of {@link announcements}; tells when nobody listens any more. */
    @Get(['live/events', 'events'])
    events(@Res() reply: FastifyReply): void {
      const stream = new PassThrough();
      const speak = (line: string): void => void stream.write(`data: ${line}\n\n`);
      announcements.on('line', speak);
      reply.raw.once('close', () => {
        announcements.off('line', speak);
        announcements.emit('deserted');
      });
      speak('first');
      void reply.type('text/event-stream').send(stream);
    }

    #seen(request: FastifyRequest, bytes: number): Seen {
      return {
        service,
        method: request.method,
        url: request.url,
        headers: request.headers as Record<string, string>,
        bytes,
      };
    }
  }
  return EchoController;
}

const PATHS: Readonly<Record<Upstream, readonly string[]>> = {
  'household-registry': ['v1/households', 'v1/regions'],
  'income-monitoring': ['v1/income-entries'],
  'shock-feeds': ['v1/shocks'],
  'risk-alerts': ['v1/shocks/:id/fan-out', 'v1/alerts'],
  'assistance-cases': ['v1/cases'],
  intake: ['v1/departments'],
};

async function startUpstream(service: Upstream, env: CoreEnv): Promise<NestFastifyApplication> {
  @Module({
    imports: [ServiceKitModule.forRoot({ service, env, database: false, bus: false })],
    controllers: [echoController(service, PATHS[service])] as never,
  })
  class UpstreamModule {}
  const app = await createServiceApp({
    service,
    title: service,
    description: `The paths of ${service}.`,
    module: UpstreamModule,
    env,
    rawBodies: ['text/csv'],
    bodyLimitBytes: service === 'shock-feeds' ? 16 * 1_048_576 : 1_048_576,
  });
  await app.listen(0, '127.0.0.1');
  return app;
}

export type Upstreams = Record<Upstream, NestFastifyApplication>;

export async function startUpstreams(env: CoreEnv): Promise<Upstreams> {
  const started = await Promise.all(upstreams.map(async (service) => [service, await startUpstream(service, env)]));
  return Object.fromEntries(started) as Upstreams;
}

export async function urlsOf(apps: Upstreams): Promise<Record<Upstream, string>> {
  const urls = await Promise.all(upstreams.map(async (service) => [service, await apps[service].getUrl()]));
  return Object.fromEntries(urls) as Record<Upstream, string>;
}
