-- Until now the end of a shock threw away the slices that were not run yet, and the ledger called the fan-out done: its households
-- were never judged. They are now, on the bulk lane: nobody waits for them any more.
WITH cut_off AS (
  UPDATE slices s SET state = 'waiting', lane = 'bulk', claimed_by = NULL, lease_until = NULL, created_at = now()
  FROM fan_outs f
  WHERE f.origin = s.origin AND f.shock_revision = s.shock_revision AND f.state <> 'superseded' AND s.state = 'superseded'
    AND NOT EXISTS (SELECT FROM fan_outs later WHERE later.origin = f.origin AND later.shock_revision > f.shock_revision)
  RETURNING s.origin, s.shock_revision
)
UPDATE fan_outs f SET state = 'running', lane = 'bulk' FROM cut_off c
WHERE f.origin = c.origin AND f.shock_revision = c.shock_revision AND f.state IN ('running', 'done', 'recalled');
-- down: nothing; what was found stays found.
