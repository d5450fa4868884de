-- Every county that was ever looked at is in regional_counties, so the sweep need not read the history of all warnings for those that stand. Those of
-- before are put there; the sweep, which 0051 made due, counts them.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
INSERT INTO regional_counties (duty_code, active_households, counted_at)
SELECT DISTINCT duty_code / 1000000000 * 1000000000, 0, timestamptz 'epoch' FROM regional_alert_history
WHERE level IN ('village', 'township', 'county')
ON CONFLICT DO NOTHING;
-- down: SELECT 1;
