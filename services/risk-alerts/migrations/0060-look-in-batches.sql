-- Households are looked at again without holding their rows: whoever says one again waits for nobody (docs/adr/0062-live-shocks-wait-for-nothing.md).
CREATE SEQUENCE relook_batch_no;
CREATE TABLE relook_batches (
  batch_no bigint PRIMARY KEY,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  held_until timestamptz NOT NULL
);
COMMENT ON TABLE relook_batches IS 'Batches of households that an instance looks at again at this moment; a row of relooks that names none of these waits';
COMMENT ON COLUMN relook_batches.held_until IS 'Its instance is given up after this, unless it holds the row; by the database''s clock';
ALTER TABLE relooks ADD COLUMN batch_no bigint;
CREATE INDEX relooks_batch ON relooks (batch_no) WHERE batch_no IS NOT NULL;
GRANT USAGE ON SEQUENCE relook_batch_no TO :writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON relook_batches TO :writer;
-- down: ALTER TABLE relooks DROP COLUMN batch_no; DROP TABLE relook_batches; DROP SEQUENCE relook_batch_no;
