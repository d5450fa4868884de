-- What departments found. One row a finding in its latest revision; what a department says again of the same person, kind and
-- period is the same finding.
CREATE TABLE findings (
  finding_id uuid NOT NULL,
  revision bigint NOT NULL CONSTRAINT findings_revision_positive CHECK (revision > 0),
  department text NOT NULL,
  kind smallint NOT NULL,
  -- First day of what it is about: with department, person and kind the identity of the finding.
  period date NOT NULL,
  state smallint NOT NULL CONSTRAINT findings_state_known CHECK (state BETWEEN 1 AND 2),
  household_id bigint,
  duty_code bigint NOT NULL,
  -- Why nobody is found yet; null once a household is.
  unmatched_reason text CONSTRAINT findings_reason_known
    CHECK (unmatched_reason IN ('person-unknown', 'person-in-several-households', 'household-unknown')),
  -- Who was named: a person by the keyed hash, or a household by its id.
  id_hash bytea CONSTRAINT findings_hash_has_32_bytes CHECK (octet_length(id_hash) = 32),
  named_household bigint,
  -- The area that the department's account answers for: only people in it are matched.
  area_lo bigint NOT NULL,
  area_hi bigint NOT NULL,
  occurred_on date NOT NULL,
  spent_fen bigint NOT NULL CONSTRAINT findings_spent_not_negative CHECK (spent_fen >= 0),
  refunded_fen bigint NOT NULL CONSTRAINT findings_refunded_not_negative CHECK (refunded_fen >= 0),
  of_earner boolean NOT NULL,
  days integer NOT NULL CONSTRAINT findings_days_not_negative CHECK (days >= 0),
  house_grade smallint NOT NULL CONSTRAINT findings_grade_known CHECK (house_grade BETWEEN 0 AND 4),
  -- The batch of this revision, and the batch that stated it last: a repeat makes no revision.
  batch_id uuid,
  stated_in_batch uuid,
  stated_at timestamptz NOT NULL,
  stated_by text NOT NULL,
  withdrawn_reason text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT findings_pk PRIMARY KEY (finding_id),
  CONSTRAINT findings_matched_or_not CHECK ((household_id IS NULL) = (unmatched_reason IS NOT NULL)),
  CONSTRAINT findings_name_one CHECK ((id_hash IS NULL) <> (named_household IS NULL)),
  CONSTRAINT findings_refunds_within_spending CHECK (refunded_fen <= spent_fen),
  CONSTRAINT findings_withdrawn_with_reason CHECK ((state = 2) = (withdrawn_reason IS NOT NULL))
);
COMMENT ON TABLE findings IS 'Findings of departments; those of nobody known wait here with their reason until the register knows them';
COMMENT ON COLUMN findings.duty_code IS 'Of the household; of the department''s area while no household is found';
COMMENT ON COLUMN findings.kind IS 'FindingKind of proto/fangpin/intake/v1; state as FindingState there: 1 raised, 2 withdrawn';
CREATE INDEX findings_waiting_by_person ON findings (id_hash) WHERE household_id IS NULL AND state = 1;
CREATE INDEX findings_waiting_by_household ON findings (named_household) WHERE household_id IS NULL AND state = 1;
CREATE INDEX findings_by_household ON findings (household_id) WHERE household_id IS NOT NULL;
CREATE INDEX findings_by_batch ON findings (stated_in_batch) WHERE stated_in_batch IS NOT NULL;
SELECT protect_by_scope('findings');
GRANT SELECT, INSERT, UPDATE ON findings TO :app;
-- down: DROP TABLE findings;
