import { describe, expect, it } from '@jest/globals';
import { verdictOf, type JestResult } from './closing-line.ts';

function aResult(change: Partial<JestResult> = {}): JestResult {
  return {
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    success: true,
    ...change,
  };
}

describe('the closing line of a test run', () => {
  it('counts what passed and what failed', () => {
    expect(verdictOf(aResult())).toEqual({ line: 'tests: 7 passed, 0 failed', passed: true });
    expect(verdictOf(aResult({ numFailedTests: 2, success: false }))).toEqual({
      line: 'tests: 7 passed, 2 failed',
      passed: false,
    });
  });

  it('names skipped tests only when there are some', () => {
    expect(verdictOf(aResult({ numPendingTests: 1, numTodoTests: 2 })).line).toBe(
      'tests: 7 passed, 0 failed, 3 skipped',
    );
  });

  it('counts a file that cannot be run as a failure', () => {
    expect(verdictOf(aResult({ numRuntimeErrorTestSuites: 1, success: false }))).toEqual({
      line: 'tests: 7 passed, 1 failed',
      passed: false,
    });
  });

  it('does not call a run passed in which nothing ran or which left no result', () => {
    expect(verdictOf(aResult({ numPassedTests: 0 })).passed).toBe(false);
    expect(verdictOf(undefined).passed).toBe(false);
  });
});
