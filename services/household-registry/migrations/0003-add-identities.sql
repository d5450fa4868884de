-- Who a member is, as the keyed hash of the ID number (docs/adr/0027). The number itself is hashed at the door and not kept.
ALTER TABLE household_members
  ADD COLUMN id_hash bytea,
  ADD CONSTRAINT household_members_hash_has_32_bytes CHECK (octet_length(id_hash) = 32);
COMMENT ON COLUMN household_members.id_hash IS
  'HMAC-SHA-256 of the ID number under FANGPIN_IDENTITY_KEY; null where the number is not known';

-- Households that are here already are said too, so that intake knows them: one outbox row a range of ids, rendered and
-- published by the service when it next starts.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
INSERT INTO outbox (topic, source, ref, leased_by, lease_until)
SELECT 'registry.identity.v1', 'identity-batch', jsonb_build_object('from', min(household_id), 'to', max(household_id)),
       gen_random_uuid(), clock_timestamp()
  FROM households GROUP BY household_id / 4000 ORDER BY min(household_id);
-- down: ALTER TABLE household_members DROP COLUMN id_hash;
