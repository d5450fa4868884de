-- An officer's word on a large shock holds for later revisions of it (docs/adr/0043-a-confirmation-is-carried-over.md).
ALTER TABLE fan_outs
  ADD COLUMN confirmed_revision bigint,
  ADD COLUMN confirmed_households integer,
  ADD COLUMN asked_because text,
  ADD CONSTRAINT fan_outs_asked_because_known CHECK (asked_because IN ('over-set-size', 'reaches-more', 'level-higher'));
COMMENT ON COLUMN fan_outs.confirmed_by IS 'Who confirmed it, or an earlier revision whose confirmation it goes by';
COMMENT ON COLUMN fan_outs.confirmed_revision IS 'Revision that confirmed_by has seen; null of what was confirmed before this was kept: its own';
COMMENT ON COLUMN fan_outs.confirmed_households IS 'Households that confirmed_by has seen; carried along unchanged. Null of what was confirmed before: candidates';
COMMENT ON COLUMN fan_outs.asked_because IS 'Why it waits for an officer';
-- down: ALTER TABLE fan_outs DROP COLUMN confirmed_revision, DROP COLUMN confirmed_households, DROP COLUMN asked_because;
