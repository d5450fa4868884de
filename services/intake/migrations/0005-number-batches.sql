-- Which sheet came last is asked of a number: two may come within one millisecond, and clocks of instances differ.
ALTER TABLE batches ADD COLUMN arrival bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX batches_by_sender;
CREATE INDEX batches_by_sender ON batches (department, area_lo, area_hi, arrival DESC) WHERE state <> 'receiving';
-- down: DROP INDEX batches_by_sender; ALTER TABLE batches DROP COLUMN arrival; and the index of 0004.
