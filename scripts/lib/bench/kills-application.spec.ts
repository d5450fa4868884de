import { describe, expect, it } from '@jest/globals';
import { whenDone } from './kills-application.ts';

const PATH = '/v1/policy-applications/1';

describe('a policy application that the bench waits for', () => {
  it('is waited for while it runs, and answered when it is done', () => {
    expect(whenDone(PATH, { state: 'running', judged: 3 })).toBeUndefined();
    expect(whenDone(PATH, { state: 'done', judged: 8 })).toEqual({ state: 'done', judged: 8 });
  });

  it('is told at once by how it ended where it will never be done', () => {
    expect(() => whenDone(PATH, { state: 'lapsed' })).toThrow(`${PATH} has ended as lapsed`);
  });
});
