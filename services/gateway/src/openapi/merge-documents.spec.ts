import { describe, expect, it } from '@jest/globals';
import { mergeDocuments, type OpenApiDocument } from './merge-documents.js';

const info = { title: 'all', version: '1' };
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function documentOf(
  path: string,
  schemas: Record<string, unknown>,
  more: Partial<OpenApiDocument> = {},
): OpenApiDocument {
  const get = { operationId: 'Controller_list', responses: { 200: reference('Page') } };
  return { openapi: '3.1.0', info, paths: { [path]: { get } }, components: { schemas }, ...more };
}

describe('merging documents', () => {
  it('keeps one of a schema that two services state alike', () => {
    const merged = mergeDocuments(info, [
      { service: 'shock-feeds', document: documentOf('/v1/shocks', { Page: { type: 'object' } }) },
      { service: 'risk-alerts', document: documentOf('/v1/alerts', { Page: { type: 'object' } }) },
    ]);
    expect(merged.components).toEqual({ schemas: { Page: { type: 'object' } } });
  });

  it('gives the later of two different schemas of one name its service, in references too', () => {
    const merged = mergeDocuments(info, [
      { service: 'shock-feeds', document: documentOf('/v1/shocks', { Page: { type: 'object' } }) },
      {
        service: 'risk-alerts',
        document: documentOf('/v1/alerts', { Page: { type: 'array' }, List: { items: reference('Page') } }),
      },
    ]);
    expect(merged.components?.['schemas']).toEqual({
      Page: { type: 'object' },
      RiskAlertsPage: { type: 'array' },
      List: { items: reference('RiskAlertsPage') },
    });
    expect(merged.paths['/v1/shocks']).toMatchObject({ get: { responses: { 200: reference('Page') } } });
    expect(merged.paths['/v1/alerts']).toMatchObject({ get: { responses: { 200: reference('RiskAlertsPage') } } });
  });

  it('makes operation ids unique, joins methods of one path and leaves out what is not /v1', () => {
    const other = { '/v1/shocks': { post: { operationId: 'x' } }, '/health/live': { get: {} } };
    const merged = mergeDocuments(info, [
      { service: 'shock-feeds', document: documentOf('/v1/shocks', {}) },
      { service: 'risk-alerts', document: documentOf('/v1/alerts', {}) },
      { service: 'assistance-cases', document: documentOf('', {}, { paths: other }) },
    ]);
    expect(Object.keys(merged.paths)).toEqual(['/v1/alerts', '/v1/shocks']);
    expect(merged.paths['/v1/alerts']).toMatchObject({ get: { operationId: 'RiskAlerts_Controller_list' } });
    expect(Object.keys(merged.paths['/v1/shocks'] ?? {})).toEqual(['get', 'post']);
  });
});
