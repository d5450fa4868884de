import { DomainError, InvalidFields, NotFound, OutsideScope, type ErrorKind } from '@fangpin/domain-kit';
import { ConflictException, ForbiddenException, InternalServerErrorException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { PreconditionFailed } from '../etag.js';
import { problemOf } from './problem.js';
import { refusalOf } from './refusal-of.js';

const request = { method: 'GET', path: '/v1/x' };
const problem = (error: unknown) => problemOf(refusalOf(error, request), { instance: '/v1/x', correlationId: 'c-1' });
const databaseError = (code: string, message = 'x', more: object = {}) =>
  Object.assign(new Error('query failed'), { driverError: Object.assign(new Error(message), { code, ...more }) });

describe('what a refusal becomes', () => {
  it.each<[ErrorKind, number]>([
    ['invalid', 400],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['too-large', 413],
    ['unsupported', 415],
    ['unavailable', 503],
  ])('%s is %i', (kind, status) => {
    expect(problem(new DomainError('A.B', kind, 'text')).status).toBe(status);
  });

  it('a problem with type, title, code, place and the values involved', () => {
    const error = new DomainError('CASE.ACTION_NOT_ALLOWED', 'conflict', 'not now', { state: 'clue' });
    expect(problem(error).body).toEqual({
      type: 'urn:fangpin:problem:case.action-not-allowed',
      title: 'Conflict',
      status: 409,
      detail: 'not now',
      code: 'CASE.ACTION_NOT_ALLOWED',
      instance: '/v1/x',
      correlationId: 'c-1',
      state: 'clue',
    });
  });

  it('cannot pass off details as the status or the code', () => {
    const { body } = problem(new DomainError('A.B', 'conflict', 'text', { status: 200, code: 'OK', type: 'x' }));
    expect(body).toMatchObject({ status: 409, code: 'A.B', type: 'urn:fangpin:problem:a.b' });
  });

  it('long values are cut, missing ones are null', () => {
    const errors = problem(
      new InvalidFields([
        { field: 'a', value: 'x'.repeat(500), rule: 'r' },
        { field: 'b', value: undefined, rule: 'r' },
        { field: 'c', value: Number.NaN, rule: 'r' },
      ]),
    ).body.errors;
    expect(errors?.map(({ value }) => value)).toEqual([`${'x'.repeat(200)}…`, null, 'NaN']);
  });

  it('a failed precondition is 412 and tells the present tag', () => {
    expect(problem(new PreconditionFailed('"3"'))).toMatchObject({ status: 412, headers: { etag: '"3"' } });
  });

  it.each([
    [new NotFound('shock', '1'), 404, 'SHOCK.NOT_FOUND'],
    [new OutsideScope('53'), 403, 'SCOPE.OUTSIDE'],
    [new ConflictException('x'), 409, 'REQUEST.CONFLICT'],
    [new ForbiddenException('x'), 403, 'REQUEST.FORBIDDEN'],
    [new InternalServerErrorException('secret'), 500, 'INTERNAL'],
    [databaseError('40P01'), 503, 'SERVICE.DATABASE_UNAVAILABLE'],
    [databaseError('22P02'), 400, 'REQUEST.VALUE_NOT_STORABLE'],
    [databaseError('22021'), 400, 'REQUEST.VALUE_NOT_STORABLE'],
    [databaseError('23505', 'duplicate key', { constraint: 'x_pkey' }), 409, 'CONFLICT.ALREADY_EXISTS'],
    [databaseError('23502'), 500, 'INTERNAL'],
    [new Error('Connection terminated unexpectedly'), 503, 'SERVICE.DATABASE_UNAVAILABLE'],
    [new TypeError('x is not a function'), 500, 'INTERNAL'],
    ['a thrown string', 500, 'INTERNAL'],
    [undefined, 500, 'INTERNAL'],
  ])('%s is %i', (error, status, code) => {
    const { body } = problem(error);
    expect(body).toMatchObject({ status, code });
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});
