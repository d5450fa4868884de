-- A part of a joint alert that adds something later than it came in is told, though all together are no worse (docs/adr/0056).
ALTER TABLE joint_alerts ADD COLUMN told_adding smallint;
COMMENT ON COLUMN joint_alerts.told_adding IS 'How many of its alerts added something when it was said last; null for those said before this was kept';
-- down: ALTER TABLE joint_alerts DROP COLUMN told_adding;
