import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../env/base-env.js';
import { requestContexts } from './request-context.js';

/** Fields that may hold a person or a secret; a log line that carries one shows `[redacted]`. */
const PRIVATE_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'name',
  'headName',
  'idNumber',
  'phone',
  'address',
  'bankAccount',
  'body',
  'parameters',
];

interface LoggedError extends Error {
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly driverError?: LoggedError;
}

/**
 * What of an error may be logged. A database error's `detail`, `query` and `parameters` hold row values, and the message of
 * a data exception (SQLSTATE class 22) quotes the value: they stay out.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { driverError } = error as LoggedError;
  const { code, constraint, table } = driverError ?? (error as LoggedError);
  const quotesValue = typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code);
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return {
    // `kind`, not `name`: that field is redacted.
    kind: error.constructor.name,
    message: quotesValue ? `data exception ${code}` : error.message,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    stack: frames.join('\n'),
    ...(error.cause === undefined || error.cause === driverError ? {} : { cause: describeError(error.cause) }),
  };
}

export interface LoggerSettings {
  readonly service: string;
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
}

/** A pino logger: JSON lines with service, correlation id and trace id, personal fields redacted. */
export function createLogger({ service, level, destination }: LoggerSettings): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: PRIVATE_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
    mixin: () => {
      const context = requestContexts.getStore();
      return context === undefined
        ? {}
        : { correlationId: context.correlationId, traceId: context.traceparent.slice(3, 35) };
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Nest's own lines through pino; its start-up chatter is of interest to developers only. */
export function nestLogger(log: Logger): LoggerService {
  const write = (level: 'debug' | 'warn' | 'error') => (message: unknown, context?: unknown) =>
    message instanceof Error
      ? log[level]({ err: message, context }, 'framework error')
      : log[level]({ context }, String(message));
  return {
    log: write('debug'),
    error: write('error'),
    warn: write('warn'),
    debug: write('debug'),
    fatal: write('error'),
  };
}
