-- What of a message the policy was applied to: drawn areas, a catalogue's figures, from when on an assumed end counts. Another version
-- derives regions, degrees and hours from it again (docs/adr/0039-policy-applied-backwards-derives-again.md). Null: nothing was derived.
ALTER TABLE shock_messages ADD COLUMN basis jsonb;
COMMENT ON COLUMN shock_messages.basis IS 'What of the message the policy was applied to (src/intake/basis.ts), for another version of the policy';

-- Of messages taken so far: an assumed end counts from the time of issue …
UPDATE shock_messages SET basis = jsonb_build_object('expiry', jsonb_build_object('from', statement -> 'sent'))
  WHERE statement -> 'content' IS NOT NULL
    AND problems @> ANY (ARRAY['[{"code":"CAP.EXPIRY_ASSUMED"}]', '[{"code":"WARNING.EXPIRY_ASSUMED"}]']::jsonb[]);
-- … that of a report from its onset or receipt, whichever is later.
UPDATE shock_messages m
  SET basis = jsonb_build_object('expiry', jsonb_build_object('from', greatest(s.onset, coalesce(m.as_of, m.received_at))))
  FROM shocks s
  WHERE s.shock_id = m.shock_id AND m.origin = 'report' AND m.problems @> '[{"code":"SHOCK.EXPIRY_ASSUMED"}]';
-- Drawn areas are known of what waited in quarantine for boundaries. Those of others, and figures of catalogues, were not kept.
UPDATE shock_messages
  SET basis = coalesce(basis, '{}') || jsonb_build_object('areas', jsonb_path_query_array(said, '$.infos[*].areas[*]'))
  WHERE said IS NOT NULL AND statement -> 'content' IS NOT NULL AND problems @> '[{"code":"AREA.FROM_SHAPE"}]';

ALTER TABLE policy_application_shocks
  -- A shock whose judging failed is parked, and tried again after a while; the others go on.
  ADD COLUMN attempts integer NOT NULL DEFAULT 0,
  ADD COLUMN error text,
  ADD COLUMN retry_at timestamptz,
  -- What comes out otherwise than before: lane, level, regions, intensity, expires …
  ADD COLUMN changes text[] NOT NULL DEFAULT '{}',
  -- What policy had derived and could not derive again, for want of the message's own words: area, expiry, intensity.
  ADD COLUMN not_derived text[] NOT NULL DEFAULT '{}',
  DROP CONSTRAINT policy_application_shocks_state_known,
  ADD CONSTRAINT policy_application_shocks_state_known CHECK (state IN ('waiting', 'judged', 'left', 'parked'));
CREATE INDEX policy_application_shocks_parked ON policy_application_shocks (application_id, retry_at) WHERE state = 'parked';
-- down: UPDATE policy_application_shocks SET state = 'waiting' WHERE state = 'parked', and its application 'running'; ALTER TABLE
-- policy_application_shocks DROP COLUMN attempts, error, retry_at, changes, not_derived, and the constraint as in 0013; ALTER TABLE
-- shock_messages DROP COLUMN basis.
