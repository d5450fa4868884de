import { NoPolicy } from './policy-record.js';

/**
 * What policy answers, or `undefined` where none holds: days before the first record have neither lane nor life nor model,
 * and what is told of them is history. Every other error goes on.
 */
export function underPolicy<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof NoPolicy) return undefined;
    throw error;
  }
}
