import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { MergedDocument } from './merged-document.js';

/** `/openapi.json` and Swagger UI at `/docs`; its files come with the package, nothing is loaded from elsewhere. */
export function serveDocs(app: NestFastifyApplication): void {
  const merged = app.get(MergedDocument);
  const atStart: OpenAPIObject = { openapi: '3.1.0', info: { title: '防贫 fangpin', version: '1' }, paths: {} };
  SwaggerModule.setup('docs', app, atStart, {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: '防贫 fangpin',
    // Always a promise, though the type knows only the value: the module awaits it.
    patchDocumentOnRequest: () => merged.current() as unknown as OpenAPIObject,
    swaggerOptions: { persistAuthorization: true, docExpansion: 'none', filter: true },
  });
}
