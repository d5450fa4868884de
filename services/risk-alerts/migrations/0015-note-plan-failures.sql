-- A fan-out that cannot be planned waits with its reason, and the others go on.
ALTER TABLE fan_outs ADD COLUMN plan_attempts integer NOT NULL DEFAULT 0;
ALTER TABLE fan_outs ADD COLUMN plan_error text;
ALTER TABLE fan_outs ADD COLUMN plan_after timestamptz;
COMMENT ON COLUMN fan_outs.plan_attempts IS 'How often planning failed since it last went well';
COMMENT ON COLUMN fan_outs.plan_error IS 'What planning failed with last; null where it did not, or has gone well since';
COMMENT ON COLUMN fan_outs.plan_after IS 'Planning is not tried again before; by the database''s clock';
-- down: ALTER TABLE fan_outs DROP COLUMN plan_attempts, DROP COLUMN plan_error, DROP COLUMN plan_after;
