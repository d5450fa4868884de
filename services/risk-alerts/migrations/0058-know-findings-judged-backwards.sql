-- Early warning dates no risk by a policy applied backwards, to findings neither (docs/adr/0059). Of what was applied before this, what came in by the
-- batch meanwhile cannot be told apart: it is dated by the day of its finding too, which is a new one.
ALTER TABLE slices ADD COLUMN applied_backwards boolean NOT NULL DEFAULT false;
UPDATE slices s SET applied_backwards = true FROM finding_applications a
 WHERE s.direction = 'findings' AND s.lane = 'bulk' AND s.stored_at BETWEEN a.requested_at AND coalesce(a.ended_at, now());
COMMENT ON COLUMN slices.applied_backwards IS 'Of findings: judged by a policy that an officer applied backwards';
-- down: ALTER TABLE slices DROP COLUMN applied_backwards;
