-- A shock that names a policy version which is not known here is kept aside until it is: the shocks behind it go their way (docs/adr/0062-live-shocks-wait-for-nothing.md).
CREATE TABLE shocks_awaiting_policy (
  shock_id uuid PRIMARY KEY,
  revision bigint NOT NULL,
  policy_version text NOT NULL,
  shock bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE shocks_awaiting_policy IS 'The latest revision of a shock that cannot be judged yet; what an earlier revision raised stands and goes on';
GRANT SELECT, INSERT, UPDATE, DELETE ON shocks_awaiting_policy TO :app;
-- down: DROP TABLE shocks_awaiting_policy;
