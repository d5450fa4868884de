/**
 * The circuit breaker of a source, kept in the database so that all instances and a restart know of it. How long it stays
 * open is the schedule's (`BREAK_SECONDS`, by the database's clock): a round that runs at all may send its first request as the probe.
 */
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleType, type CircuitBreakerPolicy } from 'cockatiel';
import { FetchFailed } from './fetch-document.js';

/** Requests in a row that fail before the source is left alone. */
const OPENS_AFTER = 5;

/** `state` as {@link circuitState} gave it; null for a new one. */
export function circuitFrom(state: object | null): CircuitBreakerPolicy {
  return circuitBreaker(handleType(FetchFailed), {
    breaker: new ConsecutiveBreaker(OPENS_AFTER),
    halfOpenAfter: 0,
    ...(state === null ? {} : { initialState: state }),
  });
}

export function circuitState(circuit: CircuitBreakerPolicy): object {
  return circuit.toJSON() as object;
}

/** Nothing more is to be sent in this round. */
export function isOpen(circuit: CircuitBreakerPolicy): boolean {
  return circuit.state === CircuitState.Open;
}
