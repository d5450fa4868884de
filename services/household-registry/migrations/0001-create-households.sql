-- Every rural household: where it is, who belongs to it, what it lives on. No names, ID numbers or phones.
-- Codes in smallint columns are those of proto/fangpin/registry/v1 (state, group, monitoring, dwelling, livelihood kind)
-- and of src/households/codes.ts (members).
CREATE SEQUENCE household_ids AS bigint;
COMMENT ON SEQUENCE household_ids IS 'Household ids; bulk loads draw them in order of village, so that ids follow area';
GRANT USAGE ON SEQUENCE household_ids TO :app, :writer;

CREATE TABLE households (
  household_id bigint CONSTRAINT households_pkey PRIMARY KEY DEFAULT nextval('household_ids'),
  revision bigint NOT NULL CONSTRAINT households_revision_positive CHECK (revision > 0),
  duty_code bigint NOT NULL CONSTRAINT households_duty_code_has_15_digits
    CHECK (duty_code BETWEEN 100000000000000 AND 999999999999999),
  state smallint NOT NULL CONSTRAINT households_state_known CHECK (state BETWEEN 1 AND 3),
  household_group smallint NOT NULL CONSTRAINT households_group_known CHECK (household_group BETWEEN 1 AND 2),
  monitoring smallint NOT NULL CONSTRAINT households_monitoring_known CHECK (monitoring BETWEEN 1 AND 3),
  dwelling smallint NOT NULL CONSTRAINT households_dwelling_known CHECK (dwelling BETWEEN 0 AND 4),
  only_dwelling boolean NOT NULL,
  water_scheme text NOT NULL CONSTRAINT households_water_scheme_is_a_code CHECK (water_scheme ~ '^[A-Za-z0-9-]{0,32}$'),
  origin_code bigint,
  source_key text CONSTRAINT households_source_key_unique UNIQUE,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
COMMENT ON TABLE households IS 'One row a household; revision grows with each change and is published with it';
COMMENT ON COLUMN households.duty_code IS 'Village or village group that answers for the household';
COMMENT ON COLUMN households.origin_code IS 'Place of origin of a relocated household; a plain attribute, no part of any scope';
COMMENT ON COLUMN households.source_key IS 'Stable key of the sender (import, seed); a repeat finds the household by it';
CREATE INDEX households_by_area ON households (duty_code, household_id);

CREATE TABLE household_members (
  household_id bigint NOT NULL CONSTRAINT household_members_household_fkey REFERENCES households,
  member_no smallint NOT NULL,
  duty_code bigint NOT NULL,
  birth_year smallint NOT NULL CONSTRAINT household_members_birth_year_plausible CHECK (birth_year BETWEEN 1890 AND 2100),
  sex smallint NOT NULL CONSTRAINT household_members_sex_known CHECK (sex BETWEEN 1 AND 2),
  relation smallint NOT NULL,
  labour smallint NOT NULL CONSTRAINT household_members_labour_known CHECK (labour BETWEEN 1 AND 5),
  schooling smallint NOT NULL CONSTRAINT household_members_schooling_known CHECK (schooling BETWEEN 0 AND 8),
  chronic boolean NOT NULL,
  major_illness boolean NOT NULL,
  disability_grade smallint NOT NULL CONSTRAINT household_members_grade_known CHECK (disability_grade BETWEEN 0 AND 4),
  work_months smallint NOT NULL CONSTRAINT household_members_work_months_fit_a_year CHECK (work_months BETWEEN 0 AND 12),
  work_branch smallint NOT NULL,
  CONSTRAINT household_members_pkey PRIMARY KEY (household_id, member_no),
  CONSTRAINT household_members_work_both_or_neither CHECK ((work_months = 0) = (work_branch = 0))
);
COMMENT ON TABLE household_members IS 'Composition of a household: no names, no ID numbers, no phones';
CREATE UNIQUE INDEX household_members_one_head ON household_members (household_id) WHERE relation = 1;

CREATE TABLE livelihoods (
  household_id bigint NOT NULL CONSTRAINT livelihoods_household_fkey REFERENCES households,
  livelihood_no smallint NOT NULL,
  duty_code bigint NOT NULL,
  kind smallint NOT NULL CONSTRAINT livelihoods_kind_known CHECK (kind BETWEEN 1 AND 3),
  product smallint NOT NULL,
  place_code bigint NOT NULL,
  quantity integer NOT NULL CONSTRAINT livelihoods_quantity_positive CHECK (quantity > 0),
  CONSTRAINT livelihoods_pkey PRIMARY KEY (household_id, livelihood_no)
);
COMMENT ON TABLE livelihoods IS 'What a household lives on: crops in hundredths of a mu, animals in heads, jobs in persons';
COMMENT ON COLUMN livelihoods.duty_code IS 'Of the household, for the scope';
COMMENT ON COLUMN livelihoods.place_code IS 'Of the land, pen or workplace, which may lie elsewhere';

CREATE TABLE household_history (
  household_id bigint NOT NULL,
  revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  change text NOT NULL CONSTRAINT household_history_change_is_a_code CHECK (change ~ '^[a-z-]{1,40}( [a-z-]{1,40})*$'),
  actor text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT household_history_pkey PRIMARY KEY (household_id, revision)
);
COMMENT ON TABLE household_history IS 'Append-only: which change made which revision, when, and whose doing it was';

SELECT protect_by_scope('households');
SELECT protect_by_scope('household_members');
SELECT protect_by_scope('livelihoods');
SELECT protect_by_scope('household_history');

GRANT SELECT, INSERT, UPDATE ON households TO :app;
GRANT SELECT, INSERT, UPDATE, DELETE ON household_members, livelihoods TO :app;
GRANT SELECT, INSERT ON household_history TO :app;

-- The bulk writer may only add rows and read the keys that tell whether a household is there already.
GRANT INSERT ON households, household_members, livelihoods, household_history TO :writer;
GRANT SELECT (household_id, source_key, duty_code) ON households TO :writer;
GRANT SELECT ON service_epoch TO :writer;
