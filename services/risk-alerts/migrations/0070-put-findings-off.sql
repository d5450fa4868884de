-- A finding that cannot be read or judged again lets the others pass, and its household's exposure too (docs/adr/0062-live-shocks-wait-for-nothing.md).
CREATE TABLE findings_failing (
  finding_id uuid PRIMARY KEY,
  attempts integer NOT NULL DEFAULT 1,
  judge_after timestamptz NOT NULL,
  error text NOT NULL
);
COMMENT ON TABLE findings_failing IS 'Findings that could not be judged again and stand as they were; each is tried again after a while';
COMMENT ON COLUMN findings_failing.judge_after IS 'It is not tried again before, unless its household changes; by the database''s clock';
GRANT SELECT, INSERT, UPDATE, DELETE ON findings_failing TO :app;
-- down: DROP TABLE findings_failing;
