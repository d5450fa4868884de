-- Households that the register knows as moved away or dissolved (docs/adr/0075): nobody is asked to visit them.
CREATE TABLE left_households (
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  -- Of the register: what it says under a lower one is older.
  revision bigint NOT NULL,
  state smallint NOT NULL,
  heard_at timestamptz NOT NULL,
  CONSTRAINT left_households_pkey PRIMARY KEY (household_id),
  CONSTRAINT left_households_state CHECK (state BETWEEN 1 AND 3)
);
CREATE INDEX left_households_away ON left_households (household_id) WHERE state > 1;
COMMENT ON TABLE left_households IS
  'Who has left by the register, and who may have come back: a household that is there is kept from its third revision on, so that a word of leaving that comes late is not believed';
COMMENT ON COLUMN left_households.state IS 'As registry/v1/household.proto has it: 1 there, 2 moved out, 3 dissolved';
SELECT protect_by_scope('left_households');
GRANT SELECT ON left_households TO :app;
GRANT SELECT, INSERT, UPDATE ON left_households TO :writer;

-- Triage asks who of its households has left while nobody can be noted as leaving (shared against src/register/lock-register.ts), in one way to the
-- server: the second statement reads what was committed before the first had its lock. Without a list of households, all of the range.
CREATE FUNCTION households_away(lo bigint, hi bigint, ids bigint[]) RETURNS TABLE (household_id bigint, state smallint)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('assistance-cases:register'));
  IF ids IS NULL THEN
    RETURN QUERY SELECT l.household_id, l.state FROM left_households l WHERE l.state > 1 AND l.household_id BETWEEN lo AND hi;
  ELSE
    RETURN QUERY SELECT l.household_id, l.state FROM left_households l WHERE l.state > 1 AND l.household_id = ANY(ids);
  END IF;
END $$;

ALTER TABLE cases ADD COLUMN household_left smallint;
COMMENT ON COLUMN cases.household_left IS 'Of an open case: how its household has left by the register, as left_households.state has it; null while it is there';
GRANT UPDATE (household_left) ON cases TO :writer;

-- What ended because the household had left is taken up again when it comes back. Few rows; what a shock fills is in neither.
CREATE INDEX cases_of_who_left ON cases (household_id) WHERE state IN (106, 108);
CREATE INDEX check_items_of_who_left ON check_items (household_id) WHERE state IN (104, 105);
-- down: DROP FUNCTION households_away; DROP TABLE left_households; DROP INDEX cases_of_who_left, check_items_of_who_left;
-- ALTER TABLE cases DROP COLUMN household_left; items in states 104 and 105 are to be closed as 103 by hand.
