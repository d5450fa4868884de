import { NoPolicy } from '@fangpin/policy';

/** Quakes from before the first policy record have neither a relation nor a lane; they are history. */
export function underPolicy<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof NoPolicy) return undefined;
    throw error;
  }
}
