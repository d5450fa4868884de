-- An officer applies the present policy version to findings that an older one judged (docs/adr/0054).
CREATE TABLE finding_applications (
  application_id uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  -- Role and account; an account is no name.
  requested_by text NOT NULL,
  since date NOT NULL,
  until date NOT NULL,
  kinds text[],
  region text NOT NULL,
  reason text NOT NULL,
  -- Number of the document that orders it.
  document text NOT NULL,
  to_version text NOT NULL,
  state text NOT NULL,
  ended_at timestamptz,
  -- Findings up to it are done with, in order of their ids.
  done_up_to uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  judged integer NOT NULL DEFAULT 0,
  raised integer NOT NULL DEFAULT 0,
  withdrawn integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  last_error text,
  CONSTRAINT finding_applications_pk PRIMARY KEY (application_id),
  CONSTRAINT finding_applications_state_known CHECK (state IN ('running', 'done')),
  CONSTRAINT finding_applications_span CHECK (since <= until)
);
COMMENT ON TABLE finding_applications IS 'Policies applied backwards to findings: who, why, over which days, to which version, and what came of it';
COMMENT ON COLUMN finding_applications.raised IS 'Findings with a new revision of their alert';
COMMENT ON COLUMN finding_applications.withdrawn IS 'Findings whose alert was taken back';
COMMENT ON COLUMN finding_applications.failed IS 'Findings that could not be judged; they stay as they were';
CREATE INDEX finding_applications_running ON finding_applications (to_version) WHERE state = 'running';
GRANT SELECT, INSERT, UPDATE ON finding_applications TO :app;
-- down: DROP TABLE finding_applications;
