-- Why an episode has ended: its household has moved out or is dissolved (docs/adr/0075).
ALTER TABLE risk_episodes
  DROP CONSTRAINT risk_episodes_ended_why_check,
  ADD CONSTRAINT risk_episodes_ended_why_check
    CHECK (ended_why IN ('recalled', 'answered', 'checked-no-risk', 'household-left', 'passed'));
COMMENT ON COLUMN episode_alerts.checked_up_to IS
  'Up to this severity a check without risk answers the alert; 5, more than any does: its household has left; null where nothing answers it';
-- down: episodes that ended so are to be set to 'passed', and the constraint made anew without it.
