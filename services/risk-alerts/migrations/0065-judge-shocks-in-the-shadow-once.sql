-- Which of the shocks that alerted nobody the shadow policy would alert about is judged once, when they are heard, and not at each reading
-- (docs/adr/0063-comparisons-simulations-and-warnings-keep-to-their-share.md).
CREATE TABLE shadow_shocks (
  shadow_version text NOT NULL REFERENCES policy_versions,
  shock_id uuid NOT NULL REFERENCES shocks,
  revision bigint NOT NULL,
  alerts boolean NOT NULL,
  los bigint[] NOT NULL,
  his bigint[] NOT NULL,
  CONSTRAINT shadow_shocks_pk PRIMARY KEY (shadow_version, shock_id)
);
COMMENT ON TABLE shadow_shocks IS 'Shocks that alerted nobody, as a shadow policy judged this revision of them; one of an earlier revision says nothing';
COMMENT ON COLUMN shadow_shocks.los IS 'Duty codes at which its areas begin, where it would alert; his: before which each of them ends';
CREATE INDEX shadow_shocks_that_alert ON shadow_shocks (shadow_version) WHERE alerts;
-- What has come since the last look.
CREATE INDEX shocks_not_alerted_heard ON shocks (received_at) WHERE shock IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON shadow_shocks TO :app;
-- down: DROP INDEX shocks_not_alerted_heard; DROP TABLE shadow_shocks;
