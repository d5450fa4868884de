import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { completeDocument } from './complete-document.js';

export interface OpenApiInfo {
  readonly title: string;
  readonly description: string;
}

/** Serves the document of the controllers at `/openapi.json`, built at the first request. */
export function serveOpenApi(app: NestFastifyApplication, info: OpenApiInfo): void {
  let document: string | undefined;
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiDocumentOf(app, info));
    void reply.type('application/json; charset=utf-8').send(document);
  });
}

/** OpenAPI 3.1 of an application: bearer sign-in, roles and the problem shape are added to what the controllers state. */
export function openApiDocumentOf(app: NestFastifyApplication, { title, description }: OpenApiInfo): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  return completeDocument(SwaggerModule.createDocument(app, config));
}
