-- The word of the latest day counts, not the one heard last (docs/adr/0069). A finding that was taken back singly remembers when: what was
-- received before counts no more, whatever its day.
ALTER TABLE findings ADD COLUMN taken_back_at timestamptz;
COMMENT ON COLUMN findings.taken_back_at IS 'When the finding was last taken back singly; words received before are forgotten for good';
ALTER TABLE batches ADD COLUMN overtaken integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN batches.overtaken IS 'Rows that changed nothing because a word of a later day, or a later word, stood';
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
UPDATE findings f SET taken_back_at = coalesce(
    (SELECT e.stated_at FROM earlier_statements e WHERE e.finding_id = f.finding_id AND e.state = 2), f.stated_at)
 WHERE (f.state = 2 AND f.stated_in_batch IS NULL)
    OR EXISTS (SELECT FROM earlier_statements e WHERE e.finding_id = f.finding_id AND e.state = 2);
-- down: ALTER TABLE findings DROP COLUMN taken_back_at; ALTER TABLE batches DROP COLUMN overtaken;
