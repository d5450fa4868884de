-- A check of a household that found no risk ends the risk that it answered (docs/adr/0029, docs/adr/0035).
ALTER TABLE risk_episodes
  DROP CONSTRAINT risk_episodes_ended_why_check,
  ADD CONSTRAINT risk_episodes_ended_why_check CHECK (ended_why IN ('recalled', 'answered', 'checked-no-risk', 'passed'));
ALTER TABLE episode_alerts
  ADD COLUMN checked_up_to smallint,
  ADD COLUMN check_revision bigint;
COMMENT ON COLUMN episode_alerts.checked_up_to IS 'Up to this severity a check without risk answers the alert; null where none does';
COMMENT ON COLUMN episode_alerts.check_revision IS 'Of the last check heard of it: an older one changes nothing';

-- Insert only for the consumer, so that a case event never waits for an episode.
CREATE TABLE episode_checks (
  queue_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  alert_revision bigint NOT NULL,
  answered_up_to smallint NOT NULL
);
COMMENT ON TABLE episode_checks IS 'What checks found of alerts since episodes last looked';
SELECT protect_by_scope('episode_checks');
GRANT SELECT, INSERT, DELETE ON episode_checks TO :app;
-- down: DROP TABLE episode_checks; the two columns; the old CHECK, once no episode has ended so.
