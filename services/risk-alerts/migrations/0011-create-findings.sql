-- Findings of departments (docs/adr/0028). An origin is a cause of a shock, or of a finding.
ALTER TABLE origins
  ALTER COLUMN shock_id DROP NOT NULL,
  ADD COLUMN finding_id uuid,
  ADD CONSTRAINT origins_of_one_thing CHECK (num_nonnulls(shock_id, finding_id) = 1),
  ADD CONSTRAINT origins_of_finding UNIQUE (finding_id, cause);
COMMENT ON TABLE origins IS 'Origin (52-bit hash of shock or finding, and cause) of alerts; a clash of hashes is refused here';

-- What one transaction made of findings is a slice as well: stored, published, and missed when it is not. It has as many origins
-- as there are findings in it.
ALTER TABLE slices
  ALTER COLUMN origin DROP NOT NULL,
  ALTER COLUMN shock_revision DROP NOT NULL,
  ADD COLUMN origins bigint[],
  DROP CONSTRAINT slices_direction_check,
  ADD CONSTRAINT slices_direction_check CHECK (direction IN ('raise', 'withdraw', 'relook', 'findings')),
  ADD CONSTRAINT slices_of_findings CHECK ((direction = 'findings') = (origins IS NOT NULL)
    AND (origins IS NULL) = (origin IS NOT NULL) AND (origin IS NULL) = (shock_revision IS NULL));
COMMENT ON COLUMN slices.origins IS 'Of a slice of findings: the origins of its alerts, one a finding. All other slices are of one origin';

CREATE TABLE findings (
  finding_id uuid PRIMARY KEY,
  revision bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  origin bigint NOT NULL,
  kind text NOT NULL,
  department text NOT NULL,
  batch_id text NOT NULL,
  occurred_on date NOT NULL,
  finding bytea NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('waiting', 'alerted', 'withheld', 'withdrawn')),
  reason text,
  policy_version text NOT NULL,
  heard_at timestamptz NOT NULL,
  decided_at timestamptz NOT NULL,
  CONSTRAINT findings_reason_given CHECK ((outcome IN ('waiting', 'withheld')) = (reason IS NOT NULL))
);
CREATE INDEX findings_by_duty ON findings (duty_code, finding_id);
CREATE INDEX findings_waiting ON findings (household_id) WHERE outcome = 'waiting';
COMMENT ON TABLE findings IS 'Latest revision heard of each finding of a department, and what became of it';
COMMENT ON COLUMN findings.finding IS 'The revision as it came (fangpin.intake.v1.Finding), to be judged again when its household comes';
COMMENT ON COLUMN findings.duty_code IS 'Where the household lives as the exposure knows it; as the finding says until it knows the household';
SELECT protect_by_scope('findings');
GRANT SELECT, INSERT, UPDATE ON findings TO :app;

CREATE TABLE finding_alert_log (
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  policy_version text NOT NULL,
  watched boolean NOT NULL,
  only_dwelling boolean NOT NULL,
  finding bytea NOT NULL,
  CONSTRAINT finding_alert_log_pk PRIMARY KEY (origin, household_id, revision)
);
COMMENT ON TABLE finding_alert_log IS 'Beside each revision of an alert of a finding: the finding and what else is needed to compute it again. Insert only';
SELECT protect_by_scope('finding_alert_log');
GRANT SELECT, INSERT ON finding_alert_log TO :app;

-- Findings come singly or by the thousand and not by COPY: their alerts are inserted by the service's own role, under its scope.
GRANT INSERT ON alerts TO :app;
-- down: REVOKE INSERT ON alerts FROM :app; DROP TABLE finding_alert_log, findings; DELETE FROM slices WHERE direction = 'findings';
-- then the old CHECK and NOT NULLs of slices and origins.
