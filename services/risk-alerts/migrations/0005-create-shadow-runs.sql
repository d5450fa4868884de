-- What a policy that runs beside the live one would have done to the same shocks. Counts by township, never households.
CREATE TABLE shadow_runs (
  run_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origin bigint NOT NULL,
  shock_revision bigint NOT NULL,
  live_version text NOT NULL,
  shadow_version text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  retry_at timestamptz,
  noted_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  CONSTRAINT shadow_runs_once UNIQUE (origin, shock_revision, shadow_version),
  CONSTRAINT shadow_runs_of_fan_out FOREIGN KEY (origin, shock_revision) REFERENCES fan_outs
);
CREATE INDEX shadow_runs_open ON shadow_runs (run_no) WHERE state = 'waiting';
COMMENT ON TABLE shadow_runs IS 'One fan-out judged again under the shadow policy; nothing of it is published';

CREATE TABLE shadow_run_townships (
  run_no bigint NOT NULL REFERENCES shadow_runs,
  duty_code bigint NOT NULL,
  live jsonb NOT NULL,
  shadow jsonb NOT NULL,
  differs jsonb NOT NULL,
  CONSTRAINT shadow_run_townships_pk PRIMARY KEY (run_no, duty_code)
);
COMMENT ON TABLE shadow_run_townships IS 'Counts of a shadow run in one township (duty_code is the township''s): under the live policy, the shadow policy, and how many households differ';
SELECT protect_by_scope('shadow_run_townships');
GRANT SELECT, INSERT, UPDATE ON shadow_runs TO :app;
GRANT SELECT, INSERT ON shadow_run_townships TO :app;

-- Simulations count by type of household. 0 until the registry says the profile again (or the exposure is rebuilt).
ALTER TABLE exposure_a ADD COLUMN household_group smallint NOT NULL DEFAULT 0;
ALTER TABLE exposure_b ADD COLUMN household_group smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN exposure_a.household_group IS 'HouseholdGroup of the registry: 1 ordinary, 2 lifted out, 0 not known';
-- down: DROP TABLE shadow_run_townships, shadow_runs; and the columns.
