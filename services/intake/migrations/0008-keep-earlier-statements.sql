-- What was said of a finding before its last statement, as long as that may count again: when a batch is taken back, its findings
-- stand as they stood without it (docs/adr/0040). The last statement is the finding's own row; a push of one finding, or its
-- withdrawal, is for good, so that nothing is kept beneath it. Without foreign keys: they would lock batches and findings in
-- another order than the work does. People are not in it.
CREATE TABLE earlier_statements (
  statement_no bigint GENERATED ALWAYS AS IDENTITY,
  finding_id uuid NOT NULL,
  -- Null for what was pushed, or taken back, singly.
  batch_id uuid,
  state smallint NOT NULL CONSTRAINT earlier_statements_state_known CHECK (state BETWEEN 1 AND 2),
  occurred_on date NOT NULL,
  spent_fen bigint NOT NULL,
  refunded_fen bigint NOT NULL,
  of_earner boolean NOT NULL,
  days integer NOT NULL,
  house_grade smallint NOT NULL,
  withdrawn_reason text,
  stated_at timestamptz NOT NULL,
  stated_by text NOT NULL,
  CONSTRAINT earlier_statements_pk PRIMARY KEY (statement_no),
  CONSTRAINT earlier_statements_one_a_batch UNIQUE NULLS NOT DISTINCT (finding_id, batch_id),
  CONSTRAINT earlier_statements_withdrawn_with_reason CHECK ((state = 2) = (withdrawn_reason IS NOT NULL))
);
COMMENT ON TABLE earlier_statements IS 'Words about findings that a later batch has overtaken; each counts again once those after it are taken back';
CREATE INDEX earlier_statements_by_batch ON earlier_statements (batch_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON earlier_statements TO :app;
-- What has been taken back so far is so for good: there is nothing beneath it, and an older word does not raise it again.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
UPDATE findings SET stated_in_batch = NULL WHERE state = 2;
-- down: DROP TABLE earlier_statements; batches that are taken back then take their findings with them.
