-- Lists of all warnings in force, and what the last of each feed left in force.
CREATE TABLE warning_snapshots (
  feed text NOT NULL,
  -- The moment of which the list speaks; the same moment again is the same list.
  updated timestamptz NOT NULL,
  digest bytea NOT NULL,
  -- Why it was not believed: older · smaller; null where it was.
  held_back text,
  members integer NOT NULL,
  counts jsonb NOT NULL,
  problems jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  received_by text NOT NULL,
  as_of timestamptz,
  -- As it was sent, gzip of JSON, for the days of the policy snapshot-hold.
  raw bytea,
  CONSTRAINT warning_snapshots_pk PRIMARY KEY (feed, updated),
  CONSTRAINT warning_snapshots_digest_is_sha256 CHECK (octet_length(digest) = 32),
  CONSTRAINT warning_snapshots_held_back_known CHECK (held_back IN ('older', 'smaller'))
);
COMMENT ON TABLE warning_snapshots IS 'Every list of warnings taken, believed or held back';
CREATE INDEX warning_snapshots_raw ON warning_snapshots (feed, updated) WHERE raw IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON warning_snapshots TO :app;

CREATE TABLE warnings_in_force (
  feed text NOT NULL,
  -- As listed, also where no list of divisions or kinds has it.
  code text NOT NULL,
  type text NOT NULL,
  colour text NOT NULL,
  level smallint NOT NULL,
  name text NOT NULL,
  issued timestamptz NOT NULL,
  -- The end that the list states, and the one that counts.
  stated timestamptz,
  expires timestamptz NOT NULL,
  -- Colour and time of issue of every warning of the county and type in the last list.
  tokens text[] NOT NULL,
  -- Identity of the episode's statements; null for what cannot be read.
  root text,
  onset timestamptz NOT NULL,
  last_sent timestamptz NOT NULL,
  judged_at timestamptz NOT NULL,
  recorded boolean NOT NULL,
  -- Time of the first list without it. The row stays, so that the same warning, back again, is known.
  gone_at timestamptz,
  shock_id uuid,
  CONSTRAINT warnings_in_force_pk PRIMARY KEY (feed, code, type),
  CONSTRAINT warnings_in_force_level_known CHECK (level BETWEEN 0 AND 4),
  CONSTRAINT warnings_in_force_shock_fk FOREIGN KEY (shock_id) REFERENCES shocks (shock_id)
);
COMMENT ON TABLE warnings_in_force IS 'The last warning of each county and type, by feed; in force where gone_at is null';
CREATE INDEX warnings_in_force_now ON warnings_in_force (feed) WHERE gone_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON warnings_in_force TO :app;
-- down: DROP TABLE warnings_in_force, warning_snapshots; shocks and their messages stay.
