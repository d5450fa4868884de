/** What {@link ./quiet-connections} needs of a part of kafkajs that has no types of its own. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface WaitingRequest {
    readonly entry: { readonly correlationId: number; resolve(): void };
    readonly expectResponse: boolean;
    sendRequest(): void;
  }
  export default class RequestQueue {
    constructor(options: {
      maxInFlightRequests: number | null;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      clientId: string;
      broker: string;
      logger: { debug(message: string): void; warn(message: string): void };
    });
    pending: readonly unknown[];
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    push(request: WaitingRequest): void;
    fulfillRequest(answer: { correlationId: number; payload: Buffer | null; size: number }): void;
    maybeThrottle(forMs: number): void;
    scheduleCheckPendingRequests(): void;
    destroy(): void;
  }
}
