-- Early warning asks of a county's alerts which ones a check or an ended case has answered: few are, and none when it is stored first, so that the index
-- costs a fan-out nothing.
CREATE INDEX episode_alerts_answered ON episode_alerts (duty_code, household_id, origin) WHERE checked_up_to IS NOT NULL OR closed_revision IS NOT NULL;
-- down: DROP INDEX episode_alerts_answered;
