import { derivedUuid } from '@fangpin/domain-kit';

/**
 * The id of a shock out of its identity (first message of a chain, price series and first day, report's content): a database restored
 * from before a shock gives the same id when its messages are sent again.
 */
export function shockIdOf(identity: string): string {
  return derivedUuid('fangpin shock 1', identity);
}
