-- What taking findings in begins with, in one round trip: the locks, then what is known under them. A volatile function sees in each
-- of its statements what was committed before that statement, so what it reads is as it is behind the locks; one statement with both
-- would read what was there before it waited.
CREATE FUNCTION hold_findings(wanted uuid[], hashes bytea[], households_wanted bigint[])
RETURNS TABLE (held findings, person bytea, lives_in bigint, at_duty_code bigint, is_main_earner boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  -- Shared with all that match people, against who learns of them (src/people/people-lock.ts); first, for all.
  PERFORM pg_advisory_xact_lock_shared(hashtext('intake-people'));
  -- New findings too, which have no row yet; in one order for all.
  PERFORM pg_advisory_xact_lock(hash)
     FROM (SELECT DISTINCT hashtextextended(one::text, 0) AS hash FROM unnest(wanted) AS one ORDER BY hash) AS ordered;
  RETURN QUERY SELECT f, NULL::bytea, NULL::bigint, NULL::bigint, NULL::boolean
                 FROM findings f WHERE f.identity = ANY(wanted);
  RETURN QUERY SELECT NULL::findings, p.id_hash, p.household_id, p.duty_code, p.main_earner
                 FROM people p WHERE p.id_hash = ANY(hashes) ORDER BY p.household_id, p.member_no;
  RETURN QUERY SELECT NULL::findings, NULL::bytea, h.household_id, h.duty_code, NULL::boolean
                 FROM households h WHERE h.household_id = ANY(households_wanted) AND h.state = 1;
END $$;
COMMENT ON FUNCTION hold_findings IS 'Locks findings by identity, new ones too, until the transaction ends; answers those that there are, and where the people and households named live';
-- down: DROP FUNCTION hold_findings;
