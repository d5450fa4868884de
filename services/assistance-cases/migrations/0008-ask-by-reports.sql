-- Reports whose figures are of wide areas ask villages, too (docs/adr/0064).

ALTER TABLE heard_shocks ADD COLUMN asked_area text NOT NULL DEFAULT '';
ALTER TABLE heard_shocks ADD COLUMN forecast_shock_id uuid;
CREATE INDEX heard_shocks_of_forecast ON heard_shocks (forecast_shock_id) WHERE forecast_shock_id IS NOT NULL;
COMMENT ON COLUMN heard_shocks.forecast_shock_id IS 'Of a report that asks: the notice of which it is what happened. A village that says to one of both that it was hit is not asked by the other';
COMMENT ON COLUMN heard_shocks.asked_area IS 'Of a report that asks, or asked last: the areas whose villages it asks, and with a minus those it names by themselves; empty of a notice';
COMMENT ON COLUMN heard_shocks.ended_at IS 'From when on the hours of the answer run: the end of a notice, the receipt of a report';
-- down: ALTER TABLE heard_shocks DROP COLUMN asked_area, DROP COLUMN forecast_shock_id; questions asked by reports stand, and read as those of notices.
