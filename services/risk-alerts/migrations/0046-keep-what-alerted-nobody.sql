-- What a shock was that policy only recorded or made a notice: a policy that is tried out may alert about it (docs/adr/0053).
ALTER TABLE shocks ADD COLUMN shock bytea, ADD COLUMN judged_on date;
COMMENT ON COLUMN shocks.shock IS 'The latest revision outside the alert lane, as its message has it; null in the alert lane (fan_outs has it) and of what came before';
COMMENT ON COLUMN shocks.judged_on IS 'Its day; null where shock is';
CREATE INDEX shocks_not_alerted ON shocks (judged_on, shock_id) WHERE shock IS NOT NULL;
-- down: ALTER TABLE shocks DROP COLUMN shock, DROP COLUMN judged_on;
