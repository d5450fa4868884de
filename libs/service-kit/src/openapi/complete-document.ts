import type { OpenAPIObject } from '@nestjs/swagger';
import { ACCESS_EXTENSION, type AccessRule } from '../access/access.decorators.js';
import { PROBLEM_CONTENT_TYPE } from '../problems/problem.js';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

interface Operation {
  security?: Record<string, string[]>[];
  responses?: Record<string, unknown>;
  description?: string;
  [ACCESS_EXTENSION]?: AccessRule;
  'x-roles'?: readonly string[];
}

const problemSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457). Programs decide by `code`; people read `detail`.',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:fangpin:problem:request.invalid-fields'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable.', examples: ['REQUEST.INVALID_FIELDS'] },
    instance: { type: 'string', description: 'Path of the refused request.' },
    correlationId: { type: 'string', description: 'Name it when asking an operator.' },
    errors: {
      type: 'array',
      description: 'Every bad field, with what was sent and the rule that it breaks.',
      items: {
        type: 'object',
        required: ['field', 'value', 'rule'],
        properties: { field: { type: 'string' }, value: {}, rule: { type: 'string' } },
      },
    },
  },
};

function problemResponse(description: string): unknown {
  return { description, content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}

/** Adds to every operation what holds for all: who may call it, and that refusals are problem details. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (operation !== undefined) completeOperation(operation);
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problemSchema as never },
  };
  return document;
}

function completeOperation(operation: Operation): void {
  const rule = operation[ACCESS_EXTENSION];
  delete operation[ACCESS_EXTENSION];
  const signedIn = rule !== undefined && rule !== 'public';
  operation.security = signedIn ? [{ bearer: [] }] : [];
  if (signedIn) operation['x-roles'] = rule;
  operation.responses = {
    ...operation.responses,
    ...(signedIn
      ? {
          '401': problemResponse('No token, or one that is not taken.'),
          '403': problemResponse(`Only for ${rule.join(', ')}; and only within the caller's area.`),
        }
      : {}),
    default: problemResponse('Any other refusal.'),
  };
}
