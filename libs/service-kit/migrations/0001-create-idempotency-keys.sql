-- Answers of POSTs that carried an Idempotency-Key (src/idempotency/idempotent.ts). Scoped by the caller's subject, not by
-- area: no row names a household's area. What stands here of a body is its SHA-256 and the answer, which holds ids and codes.
CREATE TABLE idempotency_keys (
  subject text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status smallint,
  answer jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (subject, route, key),
  CONSTRAINT idempotency_keys_hash_is_sha256 CHECK (octet_length(request_hash) = 32)
);
COMMENT ON TABLE idempotency_keys IS 'First answer to each (caller, route, Idempotency-Key); forgotten after 30 days';
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO :app;
-- down: DROP TABLE idempotency_keys; repeats then rest on the content's own identity alone.
