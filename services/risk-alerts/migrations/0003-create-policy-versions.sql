CREATE TABLE policy_versions (
  version text PRIMARY KEY,
  records jsonb NOT NULL,
  first_loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE policy_versions IS 'Every policy this service ever ran under, so that an old alert can be explained and an old shock read';
GRANT SELECT, INSERT ON policy_versions TO :app;
