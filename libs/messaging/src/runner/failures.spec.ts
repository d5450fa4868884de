import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@fangpin/domain-kit';
import { BusRefused, BusUnavailable } from '../bus-error.js';
import { describeFailure, isTransient, NotYet } from './failures.js';

const withCode = (code: string) => Object.assign(new Error('database says no'), { code });

describe('a failure', () => {
  it.each([
    ['a deadlock', withCode('40P01')],
    ['a lock that did not come', withCode('55P03')],
    ['a transaction ended for idleness', withCode('25P03')],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a bus that is away', new BusUnavailable('a send', new Error('socket closed'))],
    ['something that is not here yet', new NotYet('policy 2027')],
    ['a refusal that says it passes', new DomainError('POLICY.VERSION_MISSING', 'unavailable', 'not rolled out')],
    ['any of them inside what a use case threw', new Error('could not take in', { cause: withCode('57P01') })],
  ])('passes by itself when it is %s', (_, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['a broken constraint', withCode('23514')],
    ['a refusal for good', new DomainError('REQUEST.INVALID', 'invalid', 'no such place')],
    ['a fault in the code', new TypeError('x is undefined')],
    ['a message too large', new BusRefused('too large')],
    ['not even an error', 'oops'],
  ])('does not when it is %s', (_, error) => {
    expect(isTransient(error)).toBe(false);
  });

  it('is told by its code, or by its class where it has none', () => {
    expect(describeFailure(withCode('23514')).code).toBe('23514');
    expect(describeFailure(new TypeError('x')).code).toBe('TypeError');
    expect(describeFailure('oops').code).toBe('UNKNOWN');
  });
});
