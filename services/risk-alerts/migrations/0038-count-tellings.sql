-- A household that is told five times a day by one helper on the telephone was told five times (docs/adr/0048): a telling has a number
-- of its own, and is no longer named by day, way and role.
ALTER TABLE household_tellings
  DROP CONSTRAINT household_tellings_pk,
  ADD COLUMN telling_no bigint GENERATED ALWAYS AS IDENTITY,
  ADD CONSTRAINT household_tellings_pk PRIMARY KEY (telling_no);
CREATE INDEX household_tellings_of_day ON household_tellings (household_id, told_on);
COMMENT ON TABLE household_tellings IS 'Insert only: that a household was told something new, on which day and how';
-- down: keep one row a household, day, way and role; then the old key.
