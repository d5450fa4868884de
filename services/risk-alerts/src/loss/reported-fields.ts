import type { DamagedArea, ShockFacts } from './shock-facts.js';

/**
 * What a report says of fields: all of its areas where one of them counts fields, else none, and then the level decides about them. A
 * report that has counted houses only has not said that no field was hit: its fields are counted days later (续报).
 */
export function reportedFields({ damage }: ShockFacts): readonly DamagedArea[] {
  return damage.some(({ hit }) => hit > 0) ? damage : [];
}
