-- An alert of a finding follows the members and the income of its household: what is no graver is said once these have rested
-- (docs/adr/0076-an-alert-of-a-finding-follows-its-household.md). Few rest at a time.
ALTER TABLE findings ADD COLUMN rests_since timestamptz, ADD COLUMN look_at timestamptz;
CREATE INDEX findings_resting ON findings (look_at) WHERE look_at IS NOT NULL;
COMMENT ON COLUMN findings.rests_since IS 'Since when something of the household differs from what the alert says, and is not said yet';
COMMENT ON COLUMN findings.look_at IS 'When that is said: the household has changed no more by then, or for long enough';
-- down: ALTER TABLE findings DROP COLUMN rests_since, DROP COLUMN look_at;
