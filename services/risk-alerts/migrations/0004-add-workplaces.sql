-- Lay-offs: whom a household works for, and what it earns by it.
ALTER TABLE exposure_a ADD COLUMN employers text[] NOT NULL DEFAULT '{}', ADD COLUMN wage_fen bigint;
ALTER TABLE exposure_b ADD COLUMN employers text[] NOT NULL DEFAULT '{}', ADD COLUMN wage_fen bigint;
COMMENT ON COLUMN exposure_a.employers IS
  'Credit codes of the employers in the order of livelihoods, empty texts between; an empty array where no job names one';
COMMENT ON COLUMN exposure_a.wage_fen IS 'Wage income of the household over the twelve months of its assessment; null where not known';
ALTER TABLE exposure_livelihood_a ADD COLUMN employer text;
ALTER TABLE exposure_livelihood_b ADD COLUMN employer text;
-- Workplaces are found by exposure_livelihood_*_place as fields are: place_code of a job is where the work is.
CREATE INDEX exposure_livelihood_a_employer ON exposure_livelihood_a (employer) WHERE employer IS NOT NULL;
CREATE INDEX exposure_livelihood_b_employer ON exposure_livelihood_b (employer) WHERE employer IS NOT NULL;

ALTER TABLE alerts ADD COLUMN wage_fen_per_worker bigint;
COMMENT ON COLUMN alerts.wage_fen_per_worker IS 'Of a lay-off: wage income of a year for each member at work; null elsewhere and where not known';
-- down: DROP INDEX exposure_livelihood_a_employer, exposure_livelihood_b_employer; and the columns.
