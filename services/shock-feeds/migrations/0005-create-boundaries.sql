-- Where regions lie, as officers load it (docs/adr/0014). Published geography, no household data: no table is under scope.
CREATE TABLE region_positions (
  -- Shortest form of the region code.
  code text NOT NULL,
  lon double precision NOT NULL,
  lat double precision NOT NULL,
  -- The boundary, packed (src/boundaries/packed-geometry.ts), and its box; null where only a position is known.
  min_lon double precision,
  min_lat double precision,
  max_lon double precision,
  max_lat double precision,
  geometry bytea,
  points integer NOT NULL,
  source text NOT NULL,
  -- Number of the load that wrote the row; processes read what is newer than what they hold.
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  CONSTRAINT region_positions_pk PRIMARY KEY (code),
  CONSTRAINT region_positions_box_with_boundary
    CHECK (num_nulls(min_lon, min_lat, max_lon, max_lat, geometry) IN (0, 5)),
  CONSTRAINT region_positions_code_is_digits CHECK (code ~ '^\d{2,15}$')
);
COMMENT ON TABLE region_positions IS 'Boundary or position of each region for which one was loaded';
CREATE INDEX region_positions_by_version ON region_positions (version);
GRANT SELECT, INSERT, UPDATE ON region_positions TO :app;

CREATE TABLE region_positions_version (
  only_row boolean NOT NULL DEFAULT true,
  version bigint NOT NULL,
  CONSTRAINT region_positions_version_pk PRIMARY KEY (only_row),
  CONSTRAINT region_positions_version_has_one_row CHECK (only_row)
);
COMMENT ON TABLE region_positions_version IS 'Number of the last load of boundaries; its row lock lets one load in at a time';
INSERT INTO region_positions_version (version) VALUES (0);
GRANT SELECT, UPDATE ON region_positions_version TO :app;
-- down: DROP TABLE region_positions, region_positions_version; the boundaries are loaded again from their files.
