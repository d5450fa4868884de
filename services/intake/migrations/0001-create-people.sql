-- Who belongs to which household, by keyed hashes of ID numbers: copies of what the registry says. No number is ever here.
CREATE TABLE households (
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  state smallint NOT NULL CONSTRAINT households_state_known CHECK (state BETWEEN 1 AND 3),
  revision bigint NOT NULL,
  CONSTRAINT households_pk PRIMARY KEY (household_id)
);
COMMENT ON TABLE households IS 'Copy of the register: which households there are and which place answers for them';
COMMENT ON COLUMN households.state IS 'Of proto/fangpin/registry/v1: 1 active, 2 moved out, 3 dissolved';
SELECT protect_by_scope('households');
GRANT SELECT, INSERT, UPDATE ON households TO :app;

CREATE TABLE people (
  household_id bigint NOT NULL,
  member_no integer NOT NULL,
  duty_code bigint NOT NULL,
  id_hash bytea NOT NULL CONSTRAINT people_hash_has_32_bytes CHECK (octet_length(id_hash) = 32),
  main_earner boolean,
  CONSTRAINT people_pk PRIMARY KEY (household_id, member_no)
);
COMMENT ON TABLE people IS 'Members of active households by the keyed hash of their ID number (docs/adr/0027)';
COMMENT ON COLUMN people.main_earner IS 'Null where the register does not know';
CREATE INDEX people_by_hash ON people (id_hash);
SELECT protect_by_scope('people');
GRANT SELECT, INSERT, UPDATE, DELETE ON people TO :app;
-- down: DROP TABLE people, households;
