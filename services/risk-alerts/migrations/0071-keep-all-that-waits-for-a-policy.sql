-- Of a shock whose policy version is not known here, all revisions are kept that are to be judged when it is, one after the other: an end names fewer areas
-- than the revision before, which it leaves standing (docs/adr/0062-live-shocks-wait-for-nothing.md).
ALTER TABLE shocks_awaiting_policy DROP CONSTRAINT shocks_awaiting_policy_pkey, ADD PRIMARY KEY (shock_id, revision),
  ADD COLUMN raises boolean NOT NULL DEFAULT true, ADD COLUMN adds_only boolean NOT NULL DEFAULT false;
COMMENT ON TABLE shocks_awaiting_policy IS 'Revisions of shocks that cannot be judged yet; what earlier ones raised stands and goes on';
COMMENT ON COLUMN shocks_awaiting_policy.raises IS 'Open or ended in the alert lane: somebody may be alerted by it. The others are kept for policies that are tried out';
COMMENT ON COLUMN shocks_awaiting_policy.adds_only IS 'The shock is over: it waits behind what was said before, and does not replace it';
CREATE INDEX shocks_awaiting_policy_version ON shocks_awaiting_policy (policy_version, shock_id, revision);
CREATE INDEX shocks_awaiting_policy_to_raise ON shocks_awaiting_policy (shock_id) WHERE raises;
-- down: DROP INDEX shocks_awaiting_policy_to_raise, shocks_awaiting_policy_version; DELETE FROM shocks_awaiting_policy a USING shocks_awaiting_policy b
-- WHERE a.shock_id = b.shock_id AND a.revision < b.revision; ALTER TABLE shocks_awaiting_policy DROP CONSTRAINT shocks_awaiting_policy_pkey,
-- ADD PRIMARY KEY (shock_id), DROP COLUMN raises, DROP COLUMN adds_only;
