-- A fan-out that was planned behind the exposure stays open for single households until it has caught up (docs/adr/0050-a-shock-waits-for-no-backfill.md).
ALTER TABLE fan_outs ADD COLUMN planning boolean NOT NULL DEFAULT false;
ALTER TABLE fan_outs ADD COLUMN pins_read_at timestamptz;
CREATE INDEX fan_outs_planning ON fan_outs (origin) WHERE planning;
COMMENT ON COLUMN fan_outs.planning IS 'Its townships are being counted, or were when the process ended: a household that changes now may be missing in them';
COMMENT ON COLUMN fan_outs.pins_read_at IS 'Since when the exposure is known to have read to the pins of one that is behind';
-- asked_at is the place in the queue, and moves; this stays.
ALTER TABLE relooks ADD COLUMN changed_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN relooks.changed_at IS 'When the household was first noted since it was last looked at for good';
-- down: ALTER TABLE relooks DROP COLUMN changed_at; DROP INDEX fan_outs_planning; ALTER TABLE fan_outs DROP COLUMN planning, DROP COLUMN pins_read_at;
