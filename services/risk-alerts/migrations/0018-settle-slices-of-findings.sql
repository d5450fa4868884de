-- A fan-out settles when its ledger adds up; a slice of findings when each of its alerts is answered (docs/adr/0028).
ALTER TABLE slices
  ADD COLUMN settled_at timestamptz,
  ADD COLUMN asked_again smallint NOT NULL DEFAULT 0;
CREATE INDEX slices_of_findings_open ON slices (slice_no) WHERE direction = 'findings' AND settled_at IS NULL;
COMMENT ON COLUMN slices.settled_at IS 'Of a slice of findings: when assistance-cases was seen to have answered all of it';
COMMENT ON COLUMN slices.asked_again IS 'How often what it left unanswered was published again';
-- down: ALTER TABLE slices DROP COLUMN settled_at, DROP COLUMN asked_again;
