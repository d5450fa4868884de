import type { ServerResponse } from 'node:http';

/** So long the client has to take in the rest of what was said. */
const GRACE_MS = 2_000;

/**
 * Ends a stream for good soon after the signal aborts. A client that reads nothing would keep it for ever: what is said last never
 * leaves, the end is never reached, and neither the listener's place nor the server would be free again.
 */
export function letGoAfter(signal: AbortSignal, response: ServerResponse, graceMs = GRACE_MS): void {
  signal.addEventListener('abort', () => setTimeout(() => response.destroy(), graceMs).unref(), { once: true });
}
