-- A joint alert that adds up losses which were held back has an episode of its own, so that the household is told (docs/adr/0071): those that
-- stand already, as of when they were raised.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
WITH opened AS (
  INSERT INTO risk_episodes (household_id, cause, ordinal, duty_code, state, opened_at, severity, peak_severity, last_raised_at,
    easing_since, alerts, tell_from)
  SELECT household_id, 'several', ordinal, duty_code, 'open', raised_at, severity, severity, raised_at, lower_since, 1, raised_at
  FROM joint_alerts j
  WHERE state = 'raised' AND EXISTS (
    SELECT FROM held_back_losses h WHERE h.household_id = j.household_id AND h.origin = ANY(j.members) AND h.gone_why IS NULL)
  RETURNING household_id, cause, ordinal, duty_code, opened_at, severity
)
INSERT INTO episode_steps (household_id, cause, ordinal, duty_code, step, at, severity, origin)
SELECT o.household_id, o.cause, o.ordinal, o.duty_code, 'opened', o.opened_at, o.severity, j.origin
FROM opened o JOIN joint_alerts j USING (household_id, ordinal);
COMMENT ON TABLE risk_episodes IS 'How the risk of a household and cause stands; ordinal counts its episodes, of several causes their joint alerts. severity 0 once ended';
-- down: DELETE FROM episode_steps WHERE cause = 'several'; DELETE FROM risk_episodes WHERE cause = 'several'.
