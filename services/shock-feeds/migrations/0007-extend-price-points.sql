-- Finer prices, and days for which a sheet has several rows.
ALTER TABLE price_points
  -- A fen is a 250th of a kilogram of maize: ratios need more.
  ADD COLUMN fen_per_tonne bigint,
  -- Differing rows of the sheet for the day, of which this is the middle one.
  ADD COLUMN rows_of_day integer NOT NULL DEFAULT 1;
UPDATE price_points SET fen_per_tonne = fen_per_kg * 1000;
ALTER TABLE price_points
  ALTER COLUMN fen_per_tonne SET NOT NULL,
  ADD CONSTRAINT price_points_rows_positive CHECK (rows_of_day > 0);
-- down: ALTER TABLE price_points DROP COLUMN fen_per_tonne, DROP COLUMN rows_of_day.
