-- An alert that was judged without the income of its household is judged again when that comes, also when its shock is over
-- (docs/adr/0068-incomes-that-come-after-the-shock.md). Such alerts are few: nothing is written for all others.
CREATE INDEX alerts_awaiting_income ON alerts (household_id) WHERE per_capita_fen IS NULL AND state = 1;
-- Those whose income has come by now are looked at once.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
INSERT INTO relooks (household_id, duty_code)
SELECT h.household_id, h.duty_code FROM (
    SELECT household_id, duty_code, per_capita_fen FROM exposure_a WHERE active AND (SELECT live FROM exposure_current) = 'a'
    UNION ALL SELECT household_id, duty_code, per_capita_fen FROM exposure_b WHERE active AND (SELECT live FROM exposure_current) = 'b') AS h
WHERE h.per_capita_fen IS NOT NULL AND EXISTS (
  SELECT FROM alerts a JOIN fan_outs f USING (origin) WHERE a.household_id = h.household_id AND a.per_capita_fen IS NULL AND a.state = 1)
ON CONFLICT (household_id) DO NOTHING;
-- down: DROP INDEX alerts_awaiting_income;
