/** The part of jest's JSON result that the closing line needs. */
export interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not even be run. */
  numRuntimeErrorTestSuites: number;
  success: boolean;
}

export interface Verdict {
  line: string;
  passed: boolean;
}

/**
 * `tests: N passed, N failed`, with `, N skipped` when some were. A file that could not be run counts as one failure:
 * jest counts no test of it, and a green number would hide it. A run without any test has not passed.
 */
export function verdictOf(result: JestResult | undefined): Verdict {
  if (!result) return { line: 'tests: 0 passed, 1 failed', passed: false };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const skipped = result.numPendingTests + result.numTodoTests;
  const line = `tests: ${result.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { line, passed: result.success && failed === 0 && result.numPassedTests > 0 };
}
