-- Batches of findings: what was sent, how far it is worked off, what was wrong with it.
CREATE TABLE batches (
  batch_id uuid NOT NULL,
  department text NOT NULL,
  duty_code bigint NOT NULL,
  area_lo bigint NOT NULL,
  area_hi bigint NOT NULL,
  state text NOT NULL CONSTRAINT batches_state_known
    CHECK (state IN ('receiving', 'queued', 'working', 'done', 'withdrawing', 'withdrawn')),
  -- HMAC-SHA-256 over the bytes under the identity key; null while they are still coming.
  digest bytea,
  idempotency_key text,
  rows integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  matched integer NOT NULL DEFAULT 0,
  unmatched integer NOT NULL DEFAULT 0,
  findings integer NOT NULL DEFAULT 0,
  -- Rows up to this one are worked off.
  done_to integer NOT NULL DEFAULT 0,
  received_at timestamptz NOT NULL,
  received_by text NOT NULL,
  finished_at timestamptz,
  withdrawn_reason text,
  withdrawn_by text,
  CONSTRAINT batches_pk PRIMARY KEY (batch_id),
  CONSTRAINT batches_received_whole CHECK ((state = 'receiving') = (digest IS NULL)),
  CONSTRAINT batches_withdrawn_with_reason CHECK ((state IN ('withdrawing', 'withdrawn')) = (withdrawn_reason IS NOT NULL))
);
COMMENT ON TABLE batches IS 'Batches of findings; one is taken whole or, where the sender breaks off, not at all';
COMMENT ON COLUMN batches.duty_code IS 'First duty code of the area that the department''s account answers for, for the scope';
CREATE INDEX batches_to_work_off ON batches (received_at) WHERE state IN ('receiving', 'queued', 'working', 'withdrawing');
CREATE UNIQUE INDEX batches_of_same_content ON batches (department, area_lo, area_hi, digest)
  WHERE state NOT IN ('withdrawing', 'withdrawn');
CREATE UNIQUE INDEX batches_of_same_key ON batches (department, received_by, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
SELECT protect_by_scope('batches');
GRANT SELECT, INSERT, UPDATE, DELETE ON batches TO :app;

CREATE TABLE batch_rows (
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  sent jsonb NOT NULL,
  CONSTRAINT batch_rows_pk PRIMARY KEY (batch_id, row_no),
  CONSTRAINT batch_rows_batch_fkey FOREIGN KEY (batch_id) REFERENCES batches ON DELETE CASCADE
);
COMMENT ON TABLE batch_rows IS 'Checked rows that wait to be worked off, people as keyed hashes; each goes with the transaction that takes it';
GRANT SELECT, INSERT, DELETE ON batch_rows TO :app;

CREATE TABLE batch_errors (
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  error_no integer NOT NULL,
  column_name text NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  CONSTRAINT batch_errors_pk PRIMARY KEY (batch_id, row_no, error_no),
  CONSTRAINT batch_errors_batch_fkey FOREIGN KEY (batch_id) REFERENCES batches ON DELETE CASCADE
);
COMMENT ON TABLE batch_errors IS 'Why rows were not taken; never with the value of a field, which may be a person';
GRANT SELECT, INSERT, DELETE ON batch_errors TO :app;
-- down: DROP TABLE batch_errors, batch_rows, batches;
