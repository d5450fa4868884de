// A CommonJS package: Node finds only some of its names, the errors are not among them.
import kafkajs from 'kafkajs';
import { BusRefused, BusUnavailable } from '../bus-error.js';

const { KafkaJSError } = kafkajs;

/** Broker answers that no repetition changes. */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

/** The port's error for an error of the client library: refused for good, or not available now. */
export function busFailure(what: string, error: unknown): BusRefused | BusUnavailable {
  if (error instanceof BusRefused || error instanceof BusUnavailable) return error;
  const type = brokerErrorType(error);
  if (type !== undefined && REFUSALS.has(type)) return new BusRefused(`${what} was refused by the bus: ${type}`, error);
  return new BusUnavailable(what, error);
}

function brokerErrorType(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof KafkaJSError && depth < 5; at = at.cause, depth += 1) {
    const { type } = at as Error & { type?: string };
    if (type !== undefined) return type;
  }
  return undefined;
}
