-- The exposure projection: what households live on and earn, as registry and income last said. Two sets of the same shape:
-- one is read, the other can be rebuilt from the topics meanwhile (shadow rebuild); exposure_current says which is which.
CREATE TABLE exposure_a (
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  profile_revision bigint NOT NULL DEFAULT 0,
  income_revision bigint NOT NULL DEFAULT 0,
  per_capita_fen bigint,
  persons integer NOT NULL,
  labourers integer NOT NULL,
  severely_disabled integer NOT NULL,
  monitoring smallint NOT NULL,
  dwelling smallint NOT NULL,
  only_dwelling boolean NOT NULL,
  active boolean NOT NULL,
  livelihoods bigint[] NOT NULL DEFAULT '{}',
  CONSTRAINT exposure_a_pk PRIMARY KEY (household_id)
);
CREATE INDEX exposure_a_duty ON exposure_a (duty_code);
CREATE TABLE exposure_livelihood_a (
  household_id bigint NOT NULL,
  line smallint NOT NULL,
  product smallint NOT NULL,
  place_code bigint NOT NULL,
  quantity integer NOT NULL,
  duty_code bigint NOT NULL,
  CONSTRAINT exposure_livelihood_a_pk PRIMARY KEY (household_id, line)
);
CREATE INDEX exposure_livelihood_a_place ON exposure_livelihood_a (place_code, product);
CREATE TABLE exposure_b (LIKE exposure_a INCLUDING DEFAULTS, CONSTRAINT exposure_b_pk PRIMARY KEY (household_id));
CREATE INDEX exposure_b_duty ON exposure_b (duty_code);
CREATE TABLE exposure_livelihood_b (
  LIKE exposure_livelihood_a, CONSTRAINT exposure_livelihood_b_pk PRIMARY KEY (household_id, line));
CREATE INDEX exposure_livelihood_b_place ON exposure_livelihood_b (place_code, product);
COMMENT ON TABLE exposure_a IS 'Exposure projection, one of two sets: household, composition, income per head (fen)';
COMMENT ON COLUMN exposure_a.livelihoods IS 'For streaming, flat: product, quantity (crops in hundredths of a mu, animals in heads), place code, product, …';
COMMENT ON TABLE exposure_livelihood_a IS 'For planning, by place: the livelihoods of the active households of exposure_a once more';
COMMENT ON TABLE exposure_b IS 'Exposure projection, the other set';
COMMENT ON TABLE exposure_livelihood_b IS 'Livelihoods of exposure_b';
SELECT protect_by_scope('exposure_a'), protect_by_scope('exposure_b'),
       protect_by_scope('exposure_livelihood_a'), protect_by_scope('exposure_livelihood_b');
GRANT SELECT, INSERT, UPDATE, DELETE ON exposure_a, exposure_b, exposure_livelihood_a, exposure_livelihood_b TO :app;

CREATE TABLE exposure_current (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  live char(1) NOT NULL CHECK (live IN ('a', 'b')),
  rebuild_no integer NOT NULL DEFAULT 0,
  rebuild_state text NOT NULL DEFAULT 'none' CHECK (rebuild_state IN ('none', 'running', 'swapped', 'failed')),
  rebuild_started_at timestamptz,
  swapped_at timestamptz
);
COMMENT ON TABLE exposure_current IS 'Which exposure set is read, and how a shadow rebuild stands';
INSERT INTO exposure_current (live) VALUES ('a');
GRANT SELECT, UPDATE ON exposure_current TO :app;
GRANT SELECT ON exposure_current TO :writer;

-- A rebuild begins with an empty idle set. TRUNCATE knows no row security, so the service may not; this may, and never on
-- the set that is read.
CREATE FUNCTION empty_idle_exposure() RETURNS char(1) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE idle char(1);
BEGIN
  SELECT CASE live WHEN 'a' THEN 'b' ELSE 'a' END INTO idle FROM exposure_current FOR UPDATE;
  EXECUTE format('TRUNCATE exposure_%1$s, exposure_livelihood_%1$s', idle);
  RETURN idle;
END $$;
REVOKE ALL ON FUNCTION empty_idle_exposure() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION empty_idle_exposure() TO :app;
