-- A live shock waits for no sweep: neither for the exposure to read a whole backfill (docs/adr/0050-a-shock-waits-for-no-backfill.md) …
ALTER TABLE fan_outs ADD COLUMN behind boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN fan_outs.behind IS 'Planned before the exposure had read to the pins; until it has, the fan-out does not settle';
CREATE INDEX fan_outs_behind ON fan_outs (origin) WHERE behind;
-- … nor for the households that the backfill changed; one that cannot be looked at lets the others pass.
ALTER TABLE relooks ADD COLUMN attempts integer NOT NULL DEFAULT 0;
ALTER TABLE relooks ADD COLUMN look_after timestamptz;
COMMENT ON COLUMN relooks.attempts IS 'How often looking at this household alone has failed';
COMMENT ON COLUMN relooks.look_after IS 'It is not looked at again before; by the database''s clock';
-- down: ALTER TABLE relooks DROP COLUMN attempts, DROP COLUMN look_after; DROP INDEX fan_outs_behind; ALTER TABLE fan_outs DROP COLUMN behind;
