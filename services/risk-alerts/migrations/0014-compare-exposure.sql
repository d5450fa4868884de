-- The comparison of exposure with its owners (docs/adr/0032), in the same runs as that of alerts and answers.
CREATE TABLE reconciliation_exposure (
  reconciliation_no bigint NOT NULL REFERENCES reconciliations,
  subject text NOT NULL CONSTRAINT reconciliation_exposure_subject CHECK (subject IN ('households', 'assessments')),
  duty_code bigint NOT NULL,
  census boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'waiting'
    CONSTRAINT reconciliation_exposure_state CHECK (state IN ('waiting', 'asked', 'resting', 'agreed', 'mended', 'alarm')),
  round smallint NOT NULL DEFAULT 0,
  households integer,
  without_other integer,
  asked_at timestamptz,
  reply bytea,
  their_households integer,
  lost integer NOT NULL DEFAULT 0,
  differing integer NOT NULL DEFAULT 0,
  lost_ids bigint[] NOT NULL DEFAULT '{}',
  differing_ids bigint[] NOT NULL DEFAULT '{}',
  CONSTRAINT reconciliation_exposure_pk PRIMARY KEY (reconciliation_no, subject, duty_code)
);
CREATE INDEX reconciliation_exposure_open ON reconciliation_exposure (reconciliation_no, subject, duty_code)
  WHERE state IN ('waiting', 'asked', 'resting');
COMMENT ON TABLE reconciliation_exposure IS
  'One township (duty_code is its first) and owner: what was asked, the reply until it is gone into, and what was said again';
COMMENT ON COLUMN reconciliation_exposure.census IS 'The question which townships the owner holds; duty_code is the first of the cell';
COMMENT ON COLUMN reconciliation_exposure.without_other IS
  'Of households: active ones without an assessment (income not known); of assessments: those of households without a profile';
COMMENT ON COLUMN reconciliation_exposure.lost IS 'Rows that the owner holds and the exposure did not, said again';
COMMENT ON COLUMN reconciliation_exposure.differing IS 'Rows with other content or a higher revision than the owner''s, let go and said again';
COMMENT ON COLUMN reconciliation_exposure.lost_ids IS 'Some of the households behind lost; differing_ids likewise';
SELECT protect_by_scope('reconciliation_exposure');
GRANT SELECT, INSERT, UPDATE ON reconciliation_exposure TO :app;

-- Findings of either comparison; those of exposure are of no shock, their origin is 0.
ALTER TABLE reconciliation_findings
  ADD COLUMN subject text NOT NULL DEFAULT 'answers'
    CONSTRAINT reconciliation_findings_subject CHECK (subject IN ('answers', 'households', 'assessments')),
  DROP CONSTRAINT reconciliation_findings_kind_check,
  ADD CONSTRAINT reconciliation_findings_kind_check CHECK (kind IN ('answers-lost', 'alerts-lost', 'never-alerted',
    'exposure-lost', 'exposure-differs', 'unknown-to-owner', 'still-differs', 'no-reply')),
  DROP CONSTRAINT reconciliation_findings_pk,
  ADD CONSTRAINT reconciliation_findings_pk PRIMARY KEY (reconciliation_no, subject, origin, duty_code, kind);
-- down: DROP TABLE reconciliation_exposure; DELETE FROM reconciliation_findings WHERE subject <> 'answers'; the constraints of 0008.
