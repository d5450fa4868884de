/** Picks the townships in which a comparison counts again whom a shock touches, and the shocks whose townships it counts again. */
import type { Tx } from '@fangpin/persistence';
import { TOWNSHIP_SPAN } from '../../fan-out/township.js';
import type { ReconciliationSettings } from '../settings.js';

// Of the last fan-out of each shock and cause: any township while the shock is open and was through once, and one whose slices were all given
// up whatever became of the shock. Those first that were not compared for longest; one of each shock, then a second one, the live lane before.
const LAST = `
WITH last AS (
  SELECT f.origin, f.shock_revision, f.lane,
    f.settled_at IS NOT NULL AND s.state = 1 AND s.revision = f.shock_revision AS open
  FROM fan_outs f JOIN origins o USING (origin) JOIN shocks s USING (shock_id)
  WHERE f.direction = 'raise' AND f.state IN ('running', 'done') AND f.planned_at IS NOT NULL
    AND f.shock_revision = (SELECT max(shock_revision) FROM fan_outs WHERE origin = f.origin)
    AND (s.state = 1 OR f.received_at > now() - make_interval(days => $2))
)`;
const BEGIN = `${LAST}, planned AS (
  SELECT l.origin, l.shock_revision, l.lane, l.open, t.township,
    coalesce(bool_and(s.state = 'superseded') FILTER (WHERE s.direction = 'raise'), false) AS given_up
  FROM last l JOIN slices s USING (origin, shock_revision) CROSS JOIN LATERAL unnest(s.townships) AS t (township)
  WHERE s.direction IN ('raise', 'relook') GROUP BY l.origin, l.shock_revision, l.lane, l.open, t.township
), compared AS (
  SELECT origin, shock_revision, duty_code / ${TOWNSHIP_SPAN} AS township, max(looked_at) AS looked_at
  FROM reconciliation_judgements WHERE state IN ('agreed', 'mended', 'alarm') AND NOT census GROUP BY 1, 2, 3
), ranked AS (
  SELECT p.*, c.looked_at, row_number() OVER (PARTITION BY origin ORDER BY given_up DESC, c.looked_at NULLS FIRST, random()) AS nth
  FROM planned p LEFT JOIN compared c USING (origin, shock_revision, township) WHERE p.open OR p.given_up
)
INSERT INTO reconciliation_judgements (reconciliation_no, origin, duty_code, shock_revision)
SELECT $1, origin, township * ${TOWNSHIP_SPAN}, shock_revision FROM ranked WHERE nth <= $3
ORDER BY given_up DESC, nth, lane = 'live' DESC, looked_at NULLS FIRST, random() LIMIT $4`;
// One that touches no township that was planned has no row above.
const COUNT_TOWNSHIPS = `${LAST}
INSERT INTO reconciliation_judgements (reconciliation_no, origin, duty_code, shock_revision, census)
SELECT $1, l.origin, $3, l.shock_revision, true
FROM last l LEFT JOIN (
  SELECT origin, max(looked_at) AS looked_at FROM reconciliation_judgements WHERE census GROUP BY 1) AS c USING (origin)
WHERE l.open ORDER BY c.looked_at NULLS FIRST, random() LIMIT $4 ON CONFLICT DO NOTHING`;

/** Bounded by the settings: some townships of a shock, some in all, and as many shocks. The others have their turn in the next comparisons. */
export async function beginJudgements(
  tx: Tx,
  reconciliation: number,
  { days, townshipsOfShock, townships }: Pick<ReconciliationSettings, 'days' | 'townshipsOfShock' | 'townships'>,
): Promise<void> {
  await tx.execute(BEGIN, [reconciliation, days, townshipsOfShock, townships]);
  await tx.execute(COUNT_TOWNSHIPS, [reconciliation, days, tx.scope.lo, townships]);
}
