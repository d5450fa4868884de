-- An officer applies the present policy version to shocks that an older one judged.
CREATE TABLE policy_applications (
  application_id uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  -- Role and account; an account is no name.
  requested_by text NOT NULL,
  since date NOT NULL,
  until date NOT NULL,
  kinds text[],
  region text NOT NULL,
  reason text NOT NULL,
  -- Number and title of the document that orders it.
  document text NOT NULL,
  to_version text NOT NULL,
  state text NOT NULL,
  ended_at timestamptz,
  CONSTRAINT policy_applications_pk PRIMARY KEY (application_id),
  CONSTRAINT policy_applications_state_known CHECK (state IN ('running', 'done')),
  CONSTRAINT policy_applications_span CHECK (since <= until)
);
COMMENT ON TABLE policy_applications IS 'Policies applied backwards: who, why, over which days of judgement, to which version';
CREATE INDEX policy_applications_running ON policy_applications (to_version) WHERE state = 'running';
GRANT SELECT, INSERT, UPDATE ON policy_applications TO :app;

CREATE TABLE policy_application_shocks (
  application_id uuid NOT NULL,
  shock_id uuid NOT NULL,
  -- Order of arrival of the shock, in which they are judged.
  shock_no bigint NOT NULL,
  from_version text NOT NULL,
  from_lane text NOT NULL,
  to_lane text NOT NULL,
  -- waiting, judged, or left: cancelled, merged or under the version by the time it was its turn.
  state text NOT NULL DEFAULT 'waiting',
  revision bigint,
  CONSTRAINT policy_application_shocks_pk PRIMARY KEY (application_id, shock_id),
  CONSTRAINT policy_application_shocks_application_fk
    FOREIGN KEY (application_id) REFERENCES policy_applications (application_id),
  CONSTRAINT policy_application_shocks_state_known CHECK (state IN ('waiting', 'judged', 'left'))
);
COMMENT ON TABLE policy_application_shocks IS 'What an application does to each shock: from which version and lane to which, under which revision';
CREATE INDEX policy_application_shocks_waiting ON policy_application_shocks (application_id, shock_no) WHERE state = 'waiting';
GRANT SELECT, INSERT, UPDATE ON policy_application_shocks TO :app;

ALTER TABLE shock_revisions ADD COLUMN application_id uuid;
COMMENT ON COLUMN shock_revisions.application_id IS 'The policy application that asked for this revision; who and why stand there';
-- down: ALTER TABLE shock_revisions DROP COLUMN application_id; DROP TABLE policy_application_shocks, policy_applications.
