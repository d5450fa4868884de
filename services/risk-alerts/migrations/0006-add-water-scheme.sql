-- Water cuts: which scheme a household drinks from. Asked within a county, so the index by duty code serves.
ALTER TABLE exposure_a ADD COLUMN water_scheme text NOT NULL DEFAULT '';
ALTER TABLE exposure_b ADD COLUMN water_scheme text NOT NULL DEFAULT '';
COMMENT ON COLUMN exposure_a.water_scheme IS 'Code of the water scheme as the register has it; empty where not known, or until the profile is said again';
COMMENT ON COLUMN alerts.inputs IS
  'What is touched, flat: product, quantity, place code, …; codes from 400 are the house (by grade) and the water of the household';
COMMENT ON COLUMN fan_outs.standing IS 'By damaged region: crop area (hundredths of a mu), or houses by grade (five numbers a region)';
-- down: ALTER TABLE exposure_a DROP COLUMN water_scheme; ALTER TABLE exposure_b DROP COLUMN water_scheme;
