-- A clue of which no step was heard keeps its alerts standing as well (docs/adr/0048): 0037 looked at cases that had taken one. Those of households of
-- which an alert has passed are looked at once.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
INSERT INTO episode_case_steps (case_origin, household_id, duty_code)
SELECT case_origin, household_id, duty_code FROM (
  SELECT DISTINCT ON (t.origin, pair.household_id) pair.case_origin, pair.household_id, t.duty_code, pair.outcome
  FROM triage_answers t, unnest(t.household_ids, t.outcomes, t.case_origins) AS pair (household_id, outcome, case_origin)
  WHERE pair.household_id IN (SELECT household_id FROM episode_alerts WHERE raised AND held = 0 AND checked_up_to IS NULL AND NOT case_open)
  ORDER BY t.origin, pair.household_id, t.alert_revision DESC, t.answer_no DESC) AS answer
WHERE outcome IN (1, 2) AND NOT EXISTS (
  SELECT FROM case_states c WHERE c.case_origin = answer.case_origin AND c.household_id = answer.household_id);
-- down: SELECT 1;
