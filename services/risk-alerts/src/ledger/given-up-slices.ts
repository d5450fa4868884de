/**
 * Slices that were given up, though their fan-out was not: nobody was judged in their townships. It does not happen while a slice is given up
 * only for a later revision; where it does, the fan-out is not done however well its sums add up, the slice shows as stuck, and the daily
 * comparison counts who was missed (docs/adr/0051).
 */

/** Condition on a row `s` of slices: a township of it stands in no other slice of the same fan-out that was, or is to be, run. */
export const GIVEN_UP = `s.state = 'superseded' AND EXISTS (
  SELECT FROM unnest(s.townships) AS lost (township) WHERE NOT EXISTS (
    SELECT FROM slices other WHERE other.origin = s.origin AND other.shock_revision = s.shock_revision
      AND other.direction = s.direction AND other.state <> 'superseded' AND other.townships @> ARRAY[lost.township]))`;
