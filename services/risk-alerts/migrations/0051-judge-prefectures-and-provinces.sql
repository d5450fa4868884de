-- Early warning above the county (docs/adr/0055-early-warning-goes-up-to-the-province.md): what each county's look counted is kept, and prefectures and
-- provinces are judged by that.
CREATE TABLE regional_counties (
  duty_code bigint PRIMARY KEY,
  active_households integer NOT NULL,
  counted_at timestamptz NOT NULL
);
COMMENT ON TABLE regional_counties IS 'Counties that are held here, with the active households that were last counted; duty_code is the first one of the county';
SELECT protect_by_scope('regional_counties');
GRANT SELECT, INSERT, UPDATE ON regional_counties TO :app;

CREATE TABLE regional_counts (
  duty_code bigint NOT NULL,
  rule text NOT NULL CHECK (rule IN ('share', 'cluster', 'product', 'employer', 'scheme')),
  subject text NOT NULL,
  households integer NOT NULL CHECK (households > 0),
  within_days integer NOT NULL,
  CONSTRAINT regional_counts_pk PRIMARY KEY (duty_code, rule, subject)
);
COMMENT ON TABLE regional_counts IS 'Households at risk that the last look at a county counted, by rule and subject; none is no row';
COMMENT ON COLUMN regional_counts.within_days IS 'Days back within which alerts counted: those of the county''s policy record';
SELECT protect_by_scope('regional_counts');
GRANT SELECT, INSERT, UPDATE, DELETE ON regional_counts TO :app;

ALTER TABLE regional_alert_history DROP CONSTRAINT regional_alert_history_level_check;
ALTER TABLE regional_alert_history ADD CONSTRAINT regional_alert_history_level_check
  CHECK (level IN ('village', 'township', 'county', 'prefecture', 'province'));
ALTER TABLE regional_alert_history ADD COLUMN carrying_parts integer, ADD COLUMN holding_parts integer;
COMMENT ON COLUMN regional_alert_history.carrying_parts IS 'Of a prefecture or province: areas below with enough households at risk of their own';
COMMENT ON COLUMN regional_alert_history.holding_parts IS 'Those of them, and others, that are not yet below the share at which they cease to carry it';

-- Not counties alone are looked at.
ALTER TABLE regional_looks RENAME COLUMN county TO area;
ALTER INDEX regional_looks_of_county RENAME TO regional_looks_of_area;
COMMENT ON TABLE regional_looks IS 'Areas whose early warnings are to be judged anew: counties after a fan-out has settled, and by the sweep; then those above them';
COMMENT ON COLUMN regional_looks.area IS 'Region code: six digits a county with all in it, four a prefecture, two a province';
-- Whatever was judged so far has no counts: all counties are looked at at once.
UPDATE regional_sweep SET due_at = now();
-- down: ALTER TABLE regional_looks RENAME COLUMN area TO county; ALTER INDEX regional_looks_of_area RENAME TO regional_looks_of_county; DROP TABLE regional_counts, regional_counties; DELETE FROM regional_alert_history WHERE level IN ('prefecture', 'province'); and the columns.
