/** The bus did not answer or lost its leaders: passes by itself, wait and repeat. */
export class BusUnavailable extends Error {
  readonly code: string = 'BUS.UNAVAILABLE';
  constructor(what: string, cause: unknown) {
    super(`the bus is not available for ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'BusUnavailable';
  }
}

/** The bus refused what it was given, and will again: a message too large, a topic of another shape. */
export class BusRefused extends Error {
  readonly code: string = 'BUS.REFUSED';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BusRefused';
  }
}
