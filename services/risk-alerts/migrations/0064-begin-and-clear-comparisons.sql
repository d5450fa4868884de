-- A comparison is begun by the job and not by who asks for it, and its rows are summed and go when they are old
-- (docs/adr/0063-comparisons-simulations-and-warnings-keep-to-their-share.md).
ALTER TABLE reconciliations ADD COLUMN begins boolean NOT NULL DEFAULT false, ADD COLUMN summed_at timestamptz;
COMMENT ON COLUMN reconciliations.begins IS 'Asked for: what it compares is not written down yet';
COMMENT ON COLUMN reconciliations.summed_at IS 'Since then its rows are gone and its figures stand in reconciliation_sums';

CREATE INDEX reconciliation_tallies_open ON reconciliation_tallies (reconciliation_no, origin, duty_code)
  WHERE state IN ('asked', 'resting');

CREATE TABLE reconciliation_sums (
  reconciliation_no bigint NOT NULL REFERENCES reconciliations,
  compares text NOT NULL CONSTRAINT reconciliation_sums_compares CHECK (compares IN ('answers', 'exposure', 'judgements')),
  duty_code bigint NOT NULL,
  compared integer NOT NULL,
  agreed integer NOT NULL,
  mended integer NOT NULL,
  left_over integer NOT NULL,
  alarms integer NOT NULL,
  households integer NOT NULL,
  without_assessment integer NOT NULL,
  assessments_without_household integer NOT NULL,
  CONSTRAINT reconciliation_sums_pk PRIMARY KEY (reconciliation_no, compares, duty_code)
);
COMMENT ON TABLE reconciliation_sums IS 'Figures of comparisons whose rows are gone, by township (duty_code is its first)';
SELECT protect_by_scope('reconciliation_sums');
GRANT SELECT, INSERT ON reconciliation_sums TO :app;
GRANT DELETE ON reconciliation_tallies, reconciliation_exposure, reconciliation_judgements TO :app;
-- down: DROP TABLE reconciliation_sums; DROP INDEX reconciliation_tallies_open; REVOKE DELETE ON the three tables FROM :app;
-- ALTER TABLE reconciliations DROP COLUMN begins, DROP COLUMN summed_at.
