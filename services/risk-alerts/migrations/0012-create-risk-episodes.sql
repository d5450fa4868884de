-- Risk episodes: one household and one cause, from the first alert to the end (docs/adr/0029).
CREATE TABLE risk_episodes (
  household_id bigint NOT NULL,
  cause text NOT NULL,
  ordinal integer NOT NULL CHECK (ordinal > 0),
  duty_code bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'ended')),
  opened_at timestamptz NOT NULL,
  severity smallint NOT NULL CHECK (severity BETWEEN 0 AND 4),
  peak_severity smallint NOT NULL CHECK (peak_severity BETWEEN 1 AND 4),
  last_raised_at timestamptz NOT NULL,
  easing_since timestamptz,
  ended_at timestamptz,
  ended_why text CHECK (ended_why IN ('recalled', 'answered', 'passed')),
  alerts integer NOT NULL,
  told_at timestamptz,
  told_severity smallint,
  told_how text,
  told_by text,
  tell_from timestamptz,
  CONSTRAINT risk_episodes_pk PRIMARY KEY (household_id, cause, ordinal),
  CONSTRAINT risk_episodes_end CHECK ((state = 'ended') = (ended_at IS NOT NULL) AND (state = 'ended') = (ended_why IS NOT NULL))
);
CREATE UNIQUE INDEX risk_episodes_one_open ON risk_episodes (household_id, cause) WHERE state = 'open';
CREATE INDEX risk_episodes_by_duty ON risk_episodes (duty_code, household_id, cause, ordinal);
CREATE INDEX risk_episodes_to_tell ON risk_episodes (duty_code, household_id, cause, ordinal) WHERE tell_from IS NOT NULL;
COMMENT ON TABLE risk_episodes IS 'How the risk of a household and cause stands; ordinal counts its episodes. severity 0 once ended';
COMMENT ON COLUMN risk_episodes.tell_from IS 'From when on the household is to be told; null where there is nothing to tell';
COMMENT ON COLUMN risk_episodes.told_by IS 'Role of who told; told_severity 0 tells that the alert was withdrawn';

-- What is followed of each alert: a few numbers, so that a day passing needs no look at all revisions.
CREATE TABLE episode_alerts (
  household_id bigint NOT NULL,
  origin bigint NOT NULL,
  cause text NOT NULL,
  ordinal integer,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  raised boolean NOT NULL,
  severity smallint NOT NULL,
  held smallint NOT NULL,
  lower smallint NOT NULL,
  lower_since timestamptz,
  closed_revision bigint,
  gone_since timestamptz,
  raised_at timestamptz NOT NULL,
  due_at timestamptz,
  CONSTRAINT episode_alerts_pk PRIMARY KEY (household_id, origin)
);
CREATE INDEX episode_alerts_due ON episode_alerts (due_at) WHERE due_at IS NOT NULL;
COMMENT ON TABLE episode_alerts IS 'Alerts as episodes follow them; ordinal names the episode that each feeds';
COMMENT ON COLUMN episode_alerts.held IS 'Severity that counts: higher than severity while a lower one has not stood long enough; 0 for nothing';
COMMENT ON COLUMN episode_alerts.closed_revision IS 'Up to this revision the alert is answered by a case that has ended';
COMMENT ON COLUMN episode_alerts.due_at IS 'When time alone changes it';

CREATE TABLE episode_steps (
  step_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  household_id bigint NOT NULL,
  cause text NOT NULL,
  ordinal integer NOT NULL,
  duty_code bigint NOT NULL,
  step text NOT NULL CHECK (step IN ('opened', 'reissued', 'escalated', 'easing', 'eased', 'ended', 'reopened', 'told')),
  at timestamptz NOT NULL,
  severity smallint NOT NULL,
  origin bigint,
  told_on date,
  how text,
  by_role text,
  CONSTRAINT episode_steps_told CHECK ((step = 'told') = (told_on IS NOT NULL AND how IS NOT NULL AND by_role IS NOT NULL))
);
CREATE INDEX episode_steps_of ON episode_steps (household_id, cause, ordinal, step_no);
CREATE UNIQUE INDEX episode_steps_told_once ON episode_steps (household_id, cause, ordinal, told_on, how, by_role, severity)
  WHERE step = 'told';
COMMENT ON TABLE episode_steps IS 'Insert only: what happened to each episode, in order; origin: the alert that did it';

-- One visit or call covers all causes of a household, so tellings are counted by household.
CREATE TABLE household_tellings (
  household_id bigint NOT NULL,
  told_on date NOT NULL,
  how text NOT NULL CHECK (how IN ('visit', 'phone', 'village-board', 'message')),
  by_role text NOT NULL,
  duty_code bigint NOT NULL,
  told_at timestamptz NOT NULL,
  quiet_until timestamptz,
  CONSTRAINT household_tellings_pk PRIMARY KEY (household_id, told_on, how, by_role)
);
COMMENT ON TABLE household_tellings IS 'Insert only: that a household was told, on which day and how';
COMMENT ON COLUMN household_tellings.quiet_until IS 'Set by the telling that fills the day: until then the household is asked for by no list';

-- Insert only for the consumer, so that a case event never waits for an episode.
CREATE TABLE episode_case_steps (
  queue_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL
);
COMMENT ON TABLE episode_case_steps IS 'Cases that took a step since episodes last looked';

ALTER TABLE slices ADD COLUMN followed_at timestamptz;
CREATE INDEX slices_to_follow ON slices (slice_no) WHERE followed_at IS NULL AND stored_at IS NOT NULL;
COMMENT ON COLUMN slices.followed_at IS 'When episodes took up the alerts of the slice';

SELECT protect_by_scope('risk_episodes'), protect_by_scope('episode_alerts'), protect_by_scope('episode_steps'),
       protect_by_scope('household_tellings'), protect_by_scope('episode_case_steps');
GRANT SELECT, INSERT, UPDATE ON risk_episodes, episode_alerts TO :app;
GRANT SELECT, INSERT ON episode_steps, household_tellings TO :app;
GRANT SELECT, INSERT, DELETE ON episode_case_steps TO :app;
-- down: DROP TABLE risk_episodes, episode_alerts, episode_steps, household_tellings, episode_case_steps; and the column.
