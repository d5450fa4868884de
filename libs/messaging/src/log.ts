/** What this library needs of a logger; pino's has this shape. Fields carry ids and codes, never payloads. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => undefined;

/** Says nothing; for tests and scripts. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
