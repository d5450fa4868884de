-- Where shocks come from, pushed or polled; what each is used to; and how the polling stands.
CREATE TABLE sources (
  source_id bigint GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  mode text NOT NULL,
  -- The intake: cap, warning-snapshot, warning-list, market-prices, earthquakes, report.
  channel text NOT NULL,
  -- Role and subject of the account that pushes.
  account text,
  -- False: declared and switched off.
  enabled boolean NOT NULL DEFAULT true,
  -- Silence before this is not the source's.
  watched_since timestamptz NOT NULL,
  last_heard_at timestamptz,
  silent_since timestamptz,
  CONSTRAINT sources_pk PRIMARY KEY (source_id),
  CONSTRAINT sources_name_unique UNIQUE (name),
  CONSTRAINT sources_mode_known CHECK (mode IN ('pushed', 'polled')),
  CONSTRAINT sources_pushed_by_account CHECK ((mode = 'pushed') = (account IS NOT NULL))
);
COMMENT ON TABLE sources IS 'Sources of shocks, with the last time that each was heard and since when it counts as silent';
CREATE UNIQUE INDEX sources_pushed ON sources (account, channel) WHERE mode = 'pushed';

CREATE TABLE source_gaps (
  source_id bigint NOT NULL,
  day date NOT NULL,
  longest_seconds bigint NOT NULL,
  CONSTRAINT source_gaps_pk PRIMARY KEY (source_id, day),
  CONSTRAINT source_gaps_source_fk FOREIGN KEY (source_id) REFERENCES sources (source_id),
  CONSTRAINT source_gaps_length CHECK (longest_seconds >= 0)
);
COMMENT ON TABLE source_gaps IS 'For each day (Asia/Shanghai) the longest silence of a source that ended on it: its habit';

CREATE TABLE source_polls (
  source_id bigint NOT NULL,
  -- Of format and URL: validators of another document are worth nothing.
  target bytea NOT NULL,
  next_poll_at timestamptz NOT NULL,
  lease uuid,
  leased_until timestamptz,
  -- Of what was taken last, never of what was only fetched.
  etag text,
  last_modified text,
  content_digest bytea,
  fetched_at timestamptz,
  taken_at timestamptz,
  -- Rounds in a row that could not fetch or store.
  failures integer NOT NULL DEFAULT 0,
  last_error jsonb,
  circuit jsonb,
  circuit_open boolean NOT NULL DEFAULT false,
  CONSTRAINT source_polls_pk PRIMARY KEY (source_id),
  CONSTRAINT source_polls_source_fk FOREIGN KEY (source_id) REFERENCES sources (source_id)
);
COMMENT ON TABLE source_polls IS 'How the polling of a source stands; the lease says which process polls it now';

CREATE TABLE source_entries (
  source_id bigint NOT NULL,
  entry bytea NOT NULL,
  seen_at timestamptz NOT NULL,
  CONSTRAINT source_entries_pk PRIMARY KEY (source_id, entry),
  CONSTRAINT source_entries_source_fk FOREIGN KEY (source_id) REFERENCES sources (source_id)
);
COMMENT ON TABLE source_entries IS 'Entries of an index of CAP links that have been taken, by digest, while the index names them';

CREATE TABLE source_refusals (
  refusal_id bigint GENERATED ALWAYS AS IDENTITY,
  source_id bigint NOT NULL,
  digest bytea NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  times integer NOT NULL DEFAULT 1,
  code text NOT NULL,
  detail text NOT NULL,
  content_type text,
  size_bytes integer NOT NULL,
  -- Its beginning, where it is very long.
  content bytea NOT NULL,
  CONSTRAINT source_refusals_pk PRIMARY KEY (refusal_id),
  CONSTRAINT source_refusals_once UNIQUE (source_id, digest),
  CONSTRAINT source_refusals_source_fk FOREIGN KEY (source_id) REFERENCES sources (source_id)
);
COMMENT ON TABLE source_refusals IS 'What was fetched and could not be taken, with the reason';

GRANT SELECT, INSERT, UPDATE ON sources, source_gaps, source_polls, source_entries, source_refusals TO :app;
GRANT DELETE ON source_gaps, source_entries, source_refusals TO :app;
-- down: DROP TABLE source_refusals, source_entries, source_polls, source_gaps, sources; habits are learned anew.
