CREATE TABLE shocks (
  shock_id uuid PRIMARY KEY,
  revision bigint NOT NULL,
  kind text NOT NULL,
  lane smallint NOT NULL,
  state smallint NOT NULL,
  headline text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE shocks IS 'Latest revision heard of each shock; locked FOR SHARE by slices, so that a cancel waits for them';

-- A shock and a cause make an origin; with a household it names an alert.
CREATE TABLE origins (
  origin bigint PRIMARY KEY,
  shock_id uuid NOT NULL REFERENCES shocks,
  cause text NOT NULL,
  CONSTRAINT origins_of_shock UNIQUE (shock_id, cause)
);
COMMENT ON TABLE origins IS 'Origin (52-bit hash of shock and cause) of alerts; a clash of hashes is refused here';

CREATE TABLE fan_outs (
  origin bigint NOT NULL REFERENCES origins,
  shock_revision bigint NOT NULL,
  direction text NOT NULL CHECK (direction IN ('raise', 'withdraw')),
  state text NOT NULL CHECK (state IN ('waiting', 'awaiting-confirmation', 'running', 'done', 'recalled', 'superseded')),
  policy_version text NOT NULL,
  judged_on date NOT NULL,
  shock bytea NOT NULL,
  pins jsonb NOT NULL,
  standing jsonb,
  candidates integer,
  confirmed_by text,
  received_at timestamptz NOT NULL DEFAULT now(),
  planned_at timestamptz,
  settled_at timestamptz,
  CONSTRAINT fan_outs_pk PRIMARY KEY (origin, shock_revision)
);
CREATE INDEX fan_outs_open ON fan_outs (state) WHERE state IN ('waiting', 'awaiting-confirmation', 'running');
COMMENT ON TABLE fan_outs IS 'One revision of a shock on its way to households: pinned offsets, policy, standing crop areas';
COMMENT ON COLUMN fan_outs.pins IS 'End offsets of the registry and income topics when the shock was accepted: {topic: {partition: offset}}';

CREATE TABLE slices (
  slice_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origin bigint NOT NULL,
  shock_revision bigint NOT NULL,
  direction text NOT NULL CHECK (direction IN ('raise', 'withdraw', 'relook')),
  townships bigint[] NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'claimed', 'stored', 'published', 'superseded')),
  lease_until timestamptz,
  claimed_by text,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  alerted integer,
  stored_at timestamptz,
  published_at timestamptz
);
CREATE INDEX slices_of_fan_out ON slices (origin, shock_revision);
CREATE INDEX slices_open ON slices (slice_no) WHERE state IN ('waiting', 'claimed');
COMMENT ON TABLE slices IS 'Townships of a fan-out that are computed, stored and published as one unit; also the unit of the outbox';

-- Alert revisions: insert only. Numbers instead of jsonb, and two indexes, because each costs time per household (architecture §12).
CREATE TABLE alerts (
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  slice_no bigint NOT NULL,
  loss_low_fen bigint NOT NULL,
  loss_fen bigint NOT NULL,
  loss_high_fen bigint NOT NULL,
  per_capita_fen bigint,
  projected_fen bigint,
  persons integer NOT NULL,
  state smallint NOT NULL,
  severity smallint NOT NULL,
  reasons smallint NOT NULL,
  inputs bigint[] NOT NULL,
  CONSTRAINT alerts_pk PRIMARY KEY (origin, household_id, revision)
);
CREATE INDEX alerts_by_duty ON alerts (duty_code, household_id);
COMMENT ON TABLE alerts IS 'Revisions of alerts; state 1 raised, 2 withdrawn; severity 1 blue to 4 red; amounts in fen';
COMMENT ON COLUMN alerts.inputs IS 'Livelihoods touched, flat: product, quantity, place code, product, quantity, place code, …';
SELECT protect_by_scope('alerts');

CREATE TABLE withheld (
  origin bigint NOT NULL,
  shock_revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  household_ids bigint[] NOT NULL,
  why smallint[] NOT NULL,
  CONSTRAINT withheld_pk PRIMARY KEY (origin, shock_revision, duty_code)
);
COMMENT ON TABLE withheld IS 'Households of a township with a loss but no alert, and why; duty_code is the township''s';
SELECT protect_by_scope('withheld');

CREATE TABLE triage_answers (
  answer_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origin bigint NOT NULL,
  alert_revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  household_ids bigint[] NOT NULL,
  outcomes smallint[] NOT NULL,
  case_origins bigint[] NOT NULL
);
CREATE INDEX triage_answers_of_origin ON triage_answers (origin);
COMMENT ON TABLE triage_answers IS 'What assistance-cases answered, message by message; the ledger counts distinct households in it';
SELECT protect_by_scope('triage_answers');

CREATE TABLE case_states (
  case_origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  state text NOT NULL,
  CONSTRAINT case_states_pk PRIMARY KEY (case_origin, household_id)
);
COMMENT ON TABLE case_states IS 'Where the case of an alert stands, as assistance-cases last said; absent while it is a clue';
SELECT protect_by_scope('case_states');

CREATE TABLE relooks (
  household_id bigint PRIMARY KEY,
  duty_code bigint NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE relooks IS 'Households that changed while a shock was open and are to be looked at again';
SELECT protect_by_scope('relooks');

GRANT SELECT, INSERT, UPDATE ON shocks, origins, fan_outs, slices TO :app;
GRANT SELECT ON alerts, withheld TO :app;
GRANT SELECT, INSERT ON triage_answers TO :app;
GRANT SELECT, INSERT, UPDATE ON case_states TO :app;
GRANT SELECT, INSERT, UPDATE, DELETE ON relooks TO :app;

-- The fan-out writer bypasses row-level security (COPY FROM is refused under it): it may insert alert revisions, read back
-- what it needs to publish them, and keep the ledger of its slices. Nothing that answers a person uses it.
GRANT SELECT ON shocks, origins, fan_outs TO :writer;
GRANT UPDATE (received_at) ON shocks TO :writer; -- FOR SHARE asks for an update right on one column
GRANT SELECT, INSERT, UPDATE ON slices TO :writer;
GRANT SELECT, INSERT ON alerts TO :writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON withheld TO :writer;
GRANT SELECT, UPDATE ON fan_outs TO :writer;
GRANT SELECT, UPDATE, DELETE ON relooks TO :writer;
