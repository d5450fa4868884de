import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { nestLogger } from '../context/logger.js';
import { correlationIdOf } from '../context/request-context.js';
import type { CoreEnv } from '../env/base-env.js';
import type { ProcessName } from '../kit-options.js';
import { createHttpMetrics } from '../metrics/metrics.js';
import { serveOpenApi } from '../openapi/serve-openapi.js';
import { sendProblem } from '../problems/send-problem.js';
import { LOGGER, METRICS } from '../tokens.js';
import { useBodyLimit } from './body-limit.js';
import { useBodyParsers } from './body-parsers.js';
import { letConnectionsGo } from './let-connections-go.js';
import { useRequestHooks } from './request-hooks.js';
import { answerUnreadable } from './unreadable-requests.js';

export interface ServiceAppOptions {
  readonly service: ProcessName;
  /** Of the OpenAPI document. */
  readonly title: string;
  readonly description: string;
  /** The application's module; it imports {@link ServiceKitModule}. */
  readonly module: Type | DynamicModule;
  readonly env: CoreEnv;
  /** Content types beside JSON, delivered to handlers as a Buffer: `application/cap+xml`, `text/csv` … */
  readonly rawBodies?: readonly string[];
  /** Content types that reach handlers as a stream, counted against the limit while it is read: large sheets. */
  readonly streamedBodies?: readonly string[];
  /** Largest body taken, 1 MiB unless told otherwise. */
  readonly bodyLimitBytes?: number;
  /** Serve /openapi.json from the controllers; the gateway serves a merged one instead. */
  readonly openApi?: boolean;
  /** Adds to the server before it is initialised: a proxy, pages of its own. */
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

const DEFAULT_BODY_LIMIT = 1_048_576;
/** Ids and cursors in paths are longer than Fastify's hundred characters. */
const MAX_PARAM_LENGTH = 500;

/** Builds the application: not yet initialised (`app.init()` for tests) nor listening ({@link runService}). */
export async function createServiceApp(options: ServiceAppOptions): Promise<NestFastifyApplication> {
  const held: { log?: Logger } = {};
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT,
    forceCloseConnections: 'idle',
    // What arrives on an open connection while the server closes is still answered: nothing it needs is closed yet.
    return503OnClosing: false,
    genReqId: (request: IncomingMessage) => correlationIdOf(request.headers),
    clientErrorHandler: answerUnreadable,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // Errors before routing (a path that is no percent-encoding) pass neither Nest nor the error handler.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      if (held.log !== undefined) sendProblem(error, request, reply, held.log);
      else void reply.code(400).send();
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  const log = app.get<Logger>(LOGGER);
  held.log = log;
  app.useLogger(nestLogger(log));
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  useBodyParsers(server, options.rawBodies ?? [], options.streamedBodies ?? []);
  useRequestHooks(server, log, createHttpMetrics(app.get<Registry>(METRICS)));
  useBodyLimit(server);
  letConnectionsGo(server);
  if (options.openApi !== false) serveOpenApi(app, options);
  await options.configure?.(app);
  return app;
}
