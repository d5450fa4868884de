-- The daily comparison of alerts and answers with assistance-cases (docs/adr/0024).
CREATE TABLE reconciliations (
  reconciliation_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  asked_by text,
  started_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz
);
CREATE UNIQUE INDEX reconciliations_one_open ON reconciliations ((true)) WHERE closed_at IS NULL;
COMMENT ON TABLE reconciliations IS 'Runs of the comparison; one at a time. asked_by is null for the daily one';

CREATE TABLE reconciliation_tallies (
  reconciliation_no bigint NOT NULL REFERENCES reconciliations,
  origin bigint NOT NULL,
  duty_code bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('asked', 'resting', 'agreed', 'mended', 'alarm')),
  round smallint NOT NULL DEFAULT 1,
  households integer NOT NULL,
  hash text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  their_households integer,
  their_hash text,
  agreed_at_once boolean,
  published_again integer NOT NULL DEFAULT 0,
  CONSTRAINT reconciliation_tallies_pk PRIMARY KEY (reconciliation_no, origin, duty_code)
);
COMMENT ON TABLE reconciliation_tallies IS 'One shock and cause in one township (duty_code is its first): what was asked, and the reply to it';
SELECT protect_by_scope('reconciliation_tallies');

CREATE TABLE reconciliation_findings (
  reconciliation_no bigint NOT NULL REFERENCES reconciliations,
  origin bigint NOT NULL,
  duty_code bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('answers-lost', 'alerts-lost', 'never-alerted', 'still-differs', 'no-reply')),
  state text NOT NULL CHECK (state IN ('mended', 'alarm')),
  households integer NOT NULL,
  sample bigint[] NOT NULL DEFAULT '{}',
  found_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT reconciliation_findings_pk PRIMARY KEY (reconciliation_no, origin, duty_code, kind)
);
COMMENT ON TABLE reconciliation_findings IS 'Where the two services differed, and whether it could be mended; sample: some of the households';
SELECT protect_by_scope('reconciliation_findings');

CREATE TABLE reconciliation_clock (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  due_at timestamptz NOT NULL
);
COMMENT ON TABLE reconciliation_clock IS 'When the next daily comparison is due';
INSERT INTO reconciliation_clock (due_at) VALUES (now() + interval '1 day');
GRANT SELECT, INSERT, UPDATE ON reconciliations, reconciliation_tallies TO :app;
GRANT SELECT, INSERT ON reconciliation_findings TO :app;
GRANT SELECT, UPDATE ON reconciliation_clock TO :app;
-- down: DROP TABLE reconciliation_clock, reconciliation_findings, reconciliation_tallies, reconciliations.
