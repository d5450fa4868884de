-- Whom a shock touches is compared with who was judged, and a row that cannot be compared holds up no other
-- (docs/adr/0051-who-is-touched-is-counted-again.md).
CREATE TABLE reconciliation_judgements (
  reconciliation_no bigint NOT NULL REFERENCES reconciliations,
  origin bigint NOT NULL,
  duty_code bigint NOT NULL,
  shock_revision bigint NOT NULL,
  state text NOT NULL DEFAULT 'waiting'
    CONSTRAINT reconciliation_judgements_state CHECK (state IN ('waiting', 'resting', 'agreed', 'mended', 'left', 'alarm')),
  round smallint NOT NULL DEFAULT 0,
  households integer,
  missed integer NOT NULL DEFAULT 0,
  missed_ids bigint[] NOT NULL DEFAULT '{}',
  looked_at timestamptz,
  failures smallint NOT NULL DEFAULT 0,
  retry_at timestamptz,
  CONSTRAINT reconciliation_judgements_pk PRIMARY KEY (reconciliation_no, origin, duty_code)
);
CREATE INDEX reconciliation_judgements_open ON reconciliation_judgements (reconciliation_no, origin, duty_code)
  WHERE state IN ('waiting', 'resting');
COMMENT ON TABLE reconciliation_judgements IS
  'One shock and cause in one township (duty_code is its first): whom the loss model touches now, against who was alerted or withheld';
COMMENT ON COLUMN reconciliation_judgements.state IS
  'left: not compared to its end, because the shock was said anew meanwhile, or households that changed still wait for their look';
COMMENT ON COLUMN reconciliation_judgements.households IS 'Households that the loss model touches';
COMMENT ON COLUMN reconciliation_judgements.missed IS 'Of them, those that nobody had judged and that did not wait for a look, when there were most';
COMMENT ON COLUMN reconciliation_judgements.missed_ids IS 'Some of the households behind missed';
SELECT protect_by_scope('reconciliation_judgements');
GRANT SELECT, INSERT, UPDATE ON reconciliation_judgements TO :app;

ALTER TABLE reconciliation_tallies ADD COLUMN failures smallint NOT NULL DEFAULT 0, ADD COLUMN retry_at timestamptz;
ALTER TABLE reconciliation_exposure ADD COLUMN failures smallint NOT NULL DEFAULT 0, ADD COLUMN retry_at timestamptz;
COMMENT ON COLUMN reconciliation_tallies.failures IS 'How often the work on it ended in an error; it is not tried again before retry_at';

ALTER TABLE reconciliation_findings
  DROP CONSTRAINT reconciliation_findings_subject,
  ADD CONSTRAINT reconciliation_findings_subject
    CHECK (subject IN ('answers', 'finding-answers', 'joint-answers', 'households', 'assessments', 'judgements')),
  DROP CONSTRAINT reconciliation_findings_kind_check,
  ADD CONSTRAINT reconciliation_findings_kind_check CHECK (kind IN ('answers-lost', 'alerts-lost', 'checks-lost', 'never-alerted',
    'exposure-lost', 'exposure-differs', 'unknown-to-owner', 'still-differs', 'no-reply', 'never-judged', 'not-compared'));
-- down: DROP TABLE reconciliation_judgements; DELETE FROM reconciliation_findings WHERE kind IN ('never-judged', 'not-compared'); the
-- constraints of 0025; the columns.
