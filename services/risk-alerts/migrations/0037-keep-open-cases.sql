-- A case that is open keeps its alerts standing, also one that is opened again after they had stopped counting (docs/adr/0048).
ALTER TABLE episode_alerts ADD COLUMN case_open boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN episode_alerts.case_open IS 'A case that answers the alert is open: it does not pass meanwhile';

-- Open cases whose alerts have passed already are looked at once.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
INSERT INTO episode_case_steps (case_origin, household_id, duty_code)
SELECT case_origin, household_id, duty_code FROM case_states
WHERE state NOT IN ('removed', 'tracked', 'dismissed', 'declined', 'corrected-out', 'household-dissolved', 'ended-naturally',
  'moved-out', 'withdrawn');
-- down: ALTER TABLE episode_alerts DROP COLUMN case_open;
