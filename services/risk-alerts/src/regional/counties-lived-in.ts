import type { DutyRange } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { liveExposure } from '../exposure/exposure-sets.js';
import { SPAN } from './areas.js';

/** First duty codes of the counties in which active households live, in order: one step of the index for each county, not for each household. */
export async function countiesLivedIn(tx: Tx, { lo, hi }: DutyRange): Promise<number[]> {
  const { households } = await liveExposure(tx, 'read');
  const next = (from: string): string =>
    `(SELECT duty_code / ${SPAN.county} * ${SPAN.county} FROM ${households}
      WHERE active AND duty_code >= ${from} AND duty_code < $2 ORDER BY duty_code LIMIT 1)`;
  const rows = await tx.query<{ county: number }>(
    `WITH RECURSIVE lived AS (
       SELECT ${next('$1')} AS county
       UNION ALL
       SELECT ${next(`lived.county + ${SPAN.county}`)} FROM lived WHERE county IS NOT NULL
     )
     SELECT county FROM lived WHERE county IS NOT NULL`,
    [lo, hi],
  );
  return rows.map(({ county }) => county);
}
