-- The scope of a transaction (architecture §6). The functions raise when none is set: a pooled connection leaves an empty
-- string behind, and an empty scope must never mean "everything".
CREATE FUNCTION scope_lo() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v text := current_setting('fangpin.scope_lo', true);
BEGIN
  IF v IS NULL OR v = '' THEN
    RAISE EXCEPTION 'no scope is set for this transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN v::bigint;
END $$;

CREATE FUNCTION scope_hi() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE v text := current_setting('fangpin.scope_hi', true);
BEGIN
  IF v IS NULL OR v = '' THEN
    RAISE EXCEPTION 'no scope is set for this transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN v::bigint;
END $$;

-- Puts a table under scope: row-level security, forced, one policy on its duty_code column. The sub-selects are
-- evaluated once a statement, not once a row.
CREATE FUNCTION protect_by_scope(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY scope ON %s USING (duty_code >= (SELECT scope_lo()) AND duty_code < (SELECT scope_hi())) '
    'WITH CHECK (duty_code >= (SELECT scope_lo()) AND duty_code < (SELECT scope_hi()))', target);
END $$;

-- Which epoch this database's revisions carry. Raised by an operator after a restore, so that revisions given out after
-- the backup was taken are overtaken, not repeated.
CREATE TABLE service_epoch (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch integer NOT NULL CHECK (epoch BETWEEN 0 AND 4095)
);
COMMENT ON TABLE service_epoch IS 'Epoch in front of every revision of this service (libs/domain-kit revision.ts)';
INSERT INTO service_epoch (epoch) VALUES (1);
GRANT SELECT ON service_epoch TO :app;
