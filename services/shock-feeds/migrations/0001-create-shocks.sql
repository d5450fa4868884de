-- Shocks, what was said of them, and their history. No household data stands here, so no table is under scope.
CREATE TABLE shocks (
  shock_id uuid NOT NULL,
  -- Order of arrival, for lists.
  shock_no bigint GENERATED ALWAYS AS IDENTITY,
  -- cap:<sender>,<identifier> · price:<product>:<market>:<from> · report:<hash>; the first of a chain of messages.
  identity text NOT NULL,
  revision bigint NOT NULL,
  origin text NOT NULL,
  kind text NOT NULL,
  level smallint NOT NULL,
  observed boolean NOT NULL,
  lane text NOT NULL,
  state text NOT NULL,
  regions text[] NOT NULL,
  onset timestamptz NOT NULL,
  expires timestamptz,
  -- When the sweep ends a notice: its expiry, moved by the replay time where one was given (docs/adr/0020).
  ends_due_at timestamptz,
  headline text NOT NULL,
  source text NOT NULL,
  policy_version text NOT NULL,
  judged_on date NOT NULL,
  damage jsonb NOT NULL DEFAULT '[]',
  price jsonb,
  -- source · officer · correction (a price row was put right) · merged (another chain took it over)
  cancelled_by text,
  cancel_reason text,
  merged_into uuid,
  -- Whether followers know of it: tests, foreign and expired warnings never leave this service.
  published boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT shocks_pk PRIMARY KEY (shock_id),
  CONSTRAINT shocks_number_unique UNIQUE (shock_no),
  CONSTRAINT shocks_identity_unique UNIQUE (identity),
  CONSTRAINT shocks_origin_known CHECK (origin IN ('cap', 'price', 'report')),
  CONSTRAINT shocks_level_known CHECK (level BETWEEN 0 AND 4),
  CONSTRAINT shocks_lane_known CHECK (lane IN ('recorded', 'notice', 'alert')),
  CONSTRAINT shocks_state_known CHECK (state IN ('open', 'ended', 'cancelled')),
  CONSTRAINT shocks_cancelled_by_known CHECK (cancelled_by IN ('source', 'officer', 'correction', 'merged')),
  CONSTRAINT shocks_merged_into_fk FOREIGN KEY (merged_into) REFERENCES shocks (shock_id)
);
COMMENT ON TABLE shocks IS 'Latest revision of every shock of nature and market';
CREATE INDEX shocks_due ON shocks (ends_due_at) WHERE state = 'open' AND lane <> 'alert' AND ends_due_at IS NOT NULL;
CREATE INDEX shocks_price_series ON shocks ((price ->> 'product'), (price ->> 'market')) WHERE origin = 'price';
GRANT SELECT, INSERT, UPDATE ON shocks TO :app;

CREATE TABLE shock_identities (
  identity text NOT NULL,
  shock_id uuid NOT NULL,
  CONSTRAINT shock_identities_pk PRIMARY KEY (identity),
  CONSTRAINT shock_identities_shock_fk FOREIGN KEY (shock_id) REFERENCES shocks (shock_id)
);
COMMENT ON TABLE shock_identities IS 'Which shock each message of a chain belongs to, those included that were only referred to';
CREATE INDEX shock_identities_by_shock ON shock_identities (shock_id);
GRANT SELECT, INSERT, UPDATE ON shock_identities TO :app;

CREATE TABLE shock_messages (
  message_id bigint GENERATED ALWAYS AS IDENTITY,
  -- What makes a repeat a repeat: identity and sent time of a CAP message, content or Idempotency-Key of the others.
  message_key text NOT NULL,
  origin text NOT NULL,
  digest bytea NOT NULL,
  received_at timestamptz NOT NULL,
  -- The caller's account and role; an account is no name.
  received_by text NOT NULL,
  as_of timestamptz,
  outcome text NOT NULL,
  problems jsonb NOT NULL,
  shock_id uuid,
  -- The message as judged, from which the state of its chain is computed; null while quarantined.
  statement jsonb,
  -- What is quarantined as it was read, to be judged again, and its bytes, so that an officer sees what was sent.
  said jsonb,
  raw bytea,
  -- What was answered, where a repeat must get it again (market prices).
  answer jsonb,
  settled_at timestamptz,
  settled_by text,
  settlement jsonb,
  CONSTRAINT shock_messages_pk PRIMARY KEY (message_id),
  CONSTRAINT shock_messages_key_unique UNIQUE (message_key),
  CONSTRAINT shock_messages_origin_known CHECK (origin IN ('cap', 'price', 'report', 'officer')),
  CONSTRAINT shock_messages_digest_is_sha256 CHECK (octet_length(digest) = 32),
  CONSTRAINT shock_messages_outcome_known
    CHECK (outcome IN ('accepted', 'updated', 'cancelled', 'recorded', 'quarantined', 'dropped')),
  CONSTRAINT shock_messages_shock_fk FOREIGN KEY (shock_id) REFERENCES shocks (shock_id)
);
COMMENT ON TABLE shock_messages IS 'Every message taken, once; the quarantine is the part of it that waits for an officer';
CREATE INDEX shock_messages_by_shock ON shock_messages (shock_id);
CREATE INDEX shock_messages_quarantined ON shock_messages (message_id) WHERE outcome = 'quarantined';
GRANT SELECT, INSERT, UPDATE ON shock_messages TO :app;

CREATE TABLE shock_revisions (
  shock_id uuid NOT NULL,
  revision bigint NOT NULL,
  at timestamptz NOT NULL,
  -- accepted · updated · ended · cancelled · recorded
  cause text NOT NULL,
  published boolean NOT NULL,
  -- The shock as it was from then on.
  shock jsonb NOT NULL,
  CONSTRAINT shock_revisions_pk PRIMARY KEY (shock_id, revision),
  CONSTRAINT shock_revisions_shock_fk FOREIGN KEY (shock_id) REFERENCES shocks (shock_id)
);
COMMENT ON TABLE shock_revisions IS 'Every state a shock has had; append-only by its grants';
GRANT SELECT, INSERT ON shock_revisions TO :app;
-- down: DROP TABLE shock_revisions, shock_messages, shock_identities, shocks; followers keep what was published.
