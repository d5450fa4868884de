-- Since when somebody belongs to a household: a finding of a later day that was matched to a household which the person has left, by the
-- register, was of this one (docs/adr/0056).
ALTER TABLE people ADD COLUMN since date;
COMMENT ON COLUMN people.since IS 'First day on which the person belonged to the household; null where nobody has said';
CREATE INDEX findings_matched_by_person ON findings (id_hash) WHERE household_id IS NOT NULL AND state = 1;
-- down: DROP INDEX findings_matched_by_person; ALTER TABLE people DROP COLUMN since;
