-- What a service keeps about its messages: what is to be published, how far it has read, what could not be applied.
-- The writer role gets them too: the set-based fan-out and triage run their whole transaction under it (architecture §6).
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY,
  topic text NOT NULL,
  -- A stored message …
  key text,
  value bytea,
  headers jsonb,
  -- … or a reference that a registered source renders again.
  source text,
  ref jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Whose turn it is to publish the row, and until when; by this database's clock.
  leased_by uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  published_at timestamptz,
  CONSTRAINT outbox_pk PRIMARY KEY (id),
  CONSTRAINT outbox_message_or_reference CHECK (
    (source IS NULL AND ref IS NULL AND key IS NOT NULL AND value IS NOT NULL AND headers IS NOT NULL)
    OR (source IS NOT NULL AND ref IS NOT NULL AND key IS NULL AND value IS NULL AND headers IS NULL))
);
COMMENT ON TABLE outbox IS 'Messages stored with the change they tell of; published after the commit, kept for a while after';
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO :app;
GRANT SELECT, INSERT ON outbox TO :writer;

CREATE TABLE consumer_progress (
  consumer text NOT NULL,
  topic text NOT NULL,
  partition_no integer NOT NULL,
  next_offset bigint NOT NULL,
  -- Offsets mean nothing on another cluster.
  cluster_id text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT consumer_progress_pk PRIMARY KEY (consumer, topic, partition_no),
  CONSTRAINT consumer_progress_next_offset_not_negative CHECK (next_offset >= 0)
);
COMMENT ON TABLE consumer_progress IS 'How far each consumer has applied each partition; moves in the transaction of the effects';
GRANT SELECT, INSERT, UPDATE, DELETE ON consumer_progress TO :app;
GRANT SELECT, INSERT, UPDATE ON consumer_progress TO :writer;

CREATE TABLE parked_letters (
  id bigint GENERATED ALWAYS AS IDENTITY,
  consumer text NOT NULL,
  topic text NOT NULL,
  partition_no integer NOT NULL,
  message_offset bigint NOT NULL,
  -- Key of the part that failed (`532327101/4711`), and of the message it came in.
  key text NOT NULL,
  event_key text NOT NULL,
  status text NOT NULL,
  -- False where the bytes could not be decoded: payload is then the whole message.
  decodable boolean NOT NULL,
  payload bytea NOT NULL,
  headers jsonb NOT NULL,
  error_code text,
  error_message text,
  attempts integer NOT NULL DEFAULT 0,
  parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  resolved_at timestamptz,
  CONSTRAINT parked_letters_pk PRIMARY KEY (id),
  CONSTRAINT parked_letters_status CHECK (status IN ('parked', 'waiting', 'replay', 'replayed', 'dropped'))
);
COMMENT ON TABLE parked_letters IS
  'Messages, or parts of them, that could not be applied; waiting ones stand behind an earlier letter of their key';
CREATE INDEX parked_letters_unresolved ON parked_letters (consumer, topic, key, id)
  WHERE status IN ('parked', 'waiting', 'replay');
CREATE INDEX parked_letters_parked_at ON parked_letters (consumer, parked_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON parked_letters TO :app;
GRANT SELECT, INSERT, UPDATE ON parked_letters TO :writer;
