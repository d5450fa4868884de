-- Market prices, one current value for a product, market and day; a corrected value stays behind its correction.
CREATE TABLE price_points (
  point_id bigint GENERATED ALWAYS AS IDENTITY,
  product integer NOT NULL,
  market text NOT NULL,
  day date NOT NULL,
  fen_per_kg bigint NOT NULL,
  -- As on the market's sheet.
  price_stated text NOT NULL,
  unit_stated text NOT NULL,
  message_id bigint NOT NULL,
  superseded_at timestamptz,
  CONSTRAINT price_points_pk PRIMARY KEY (point_id),
  CONSTRAINT price_points_price_positive CHECK (fen_per_kg > 0),
  CONSTRAINT price_points_message_fk FOREIGN KEY (message_id) REFERENCES shock_messages (message_id)
);
COMMENT ON TABLE price_points IS 'Prices by product, market and day in fen per kilogram, with the unit they came in';
CREATE UNIQUE INDEX price_points_current ON price_points (product, market, day) WHERE superseded_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON price_points TO :app;
-- down: DROP TABLE price_points; price shocks stand but can no longer be recomputed.
