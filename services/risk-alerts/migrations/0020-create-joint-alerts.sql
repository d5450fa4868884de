-- What several causes of one household are together raises an alert of its own (docs/adr/0034). An origin is a cause of a shock or
-- of a finding, or one joint alert.
ALTER TABLE origins
  ADD COLUMN joint_id uuid,
  DROP CONSTRAINT origins_of_one_thing,
  ADD CONSTRAINT origins_of_one_thing CHECK (num_nonnulls(shock_id, finding_id, joint_id) = 1),
  ADD CONSTRAINT origins_of_joint UNIQUE (joint_id, cause);
COMMENT ON COLUMN origins.joint_id IS 'Of a joint alert: its own id, since no shock and no finding stands behind it alone';

ALTER TABLE slices
  DROP CONSTRAINT slices_direction_check,
  ADD CONSTRAINT slices_direction_check CHECK (direction IN ('raise', 'withdraw', 'relook', 'findings', 'joint')),
  DROP CONSTRAINT slices_of_findings,
  ADD CONSTRAINT slices_of_many CHECK ((direction IN ('findings', 'joint')) = (origins IS NOT NULL)
    AND (origins IS NULL) = (origin IS NOT NULL) AND (origin IS NULL) = (shock_revision IS NULL));
CREATE INDEX slices_of_joint_open ON slices (slice_no) WHERE direction = 'joint' AND settled_at IS NULL;
COMMENT ON COLUMN slices.origins IS 'Of a slice of findings or joint alerts: the origins of its alerts, one each. All other slices are of one origin';

CREATE TABLE joint_alerts (
  household_id bigint NOT NULL,
  ordinal integer NOT NULL CHECK (ordinal > 0),
  origin bigint NOT NULL REFERENCES origins,
  duty_code bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('raised', 'withdrawn', 'over')),
  revision bigint NOT NULL,
  severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
  causes text[] NOT NULL,
  members bigint[] NOT NULL,
  member_revisions bigint[] NOT NULL,
  lower_since timestamptz,
  due_at timestamptz,
  raised_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT joint_alerts_pk PRIMARY KEY (household_id, ordinal),
  CONSTRAINT joint_alerts_end CHECK ((state = 'raised') = (ended_at IS NULL) AND (state = 'raised' OR due_at IS NULL)),
  CONSTRAINT joint_alerts_members CHECK (cardinality(members) = cardinality(member_revisions))
);
CREATE UNIQUE INDEX joint_alerts_one_raised ON joint_alerts (household_id) WHERE state = 'raised';
CREATE INDEX joint_alerts_due ON joint_alerts (due_at) WHERE due_at IS NOT NULL;
COMMENT ON TABLE joint_alerts IS 'How the joint alerts of a household stand; ordinal counts them. over: its parts were answered or have passed, nothing was withdrawn';
COMMENT ON COLUMN joint_alerts.members IS 'Origins of the alerts that it adds up, as last looked at; member_revisions: the revision of each';
COMMENT ON COLUMN joint_alerts.lower_since IS 'Since when its parts say less than it does; that counts once it has stood long enough (due_at)';

CREATE TABLE joint_alert_log (
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  policy_version text NOT NULL,
  judged_on date NOT NULL,
  parts jsonb NOT NULL,
  CONSTRAINT joint_alert_log_pk PRIMARY KEY (origin, household_id, revision)
);
COMMENT ON TABLE joint_alert_log IS 'Beside each revision of a joint alert: the alerts that it adds up as they were, to compute it again. Insert only';

SELECT protect_by_scope('joint_alerts'), protect_by_scope('joint_alert_log');
GRANT SELECT, INSERT, UPDATE ON joint_alerts TO :app;
GRANT SELECT, INSERT ON joint_alert_log TO :app;

-- Households that had several causes before are looked at once: following a slice again changes no episode.
UPDATE slices SET followed_at = NULL WHERE followed_at IS NOT NULL;
-- down: DROP TABLE joint_alert_log, joint_alerts; DELETE FROM slices WHERE direction = 'joint'; DELETE FROM origins WHERE joint_id IS NOT
-- NULL; then the columns and constraints as they were.
