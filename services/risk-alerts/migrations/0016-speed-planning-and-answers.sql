-- Planning looks at who lives in a shock's townships, and at livelihoods that lie in another township than their household.
CREATE INDEX exposure_livelihood_a_away ON exposure_livelihood_a (place_code, product)
  WHERE place_code / 1000000 <> duty_code / 1000000;
CREATE INDEX exposure_livelihood_b_away ON exposure_livelihood_b (place_code, product)
  WHERE place_code / 1000000 <> duty_code / 1000000;
-- Some hundred ids a row are over the size from which rows are compressed, and compressing ids gains little for much time.
ALTER TABLE triage_answers ALTER COLUMN household_ids SET STORAGE EXTERNAL, ALTER COLUMN case_origins SET STORAGE EXTERNAL;
-- down: DROP INDEX exposure_livelihood_a_away, exposure_livelihood_b_away; and SET STORAGE EXTENDED.
