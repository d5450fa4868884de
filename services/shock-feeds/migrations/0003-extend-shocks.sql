-- How a shock ended, facts of its kind, more feeds, and the names that other feeds give to the same warning.
ALTER TABLE shocks
  -- Facts of single kinds: intensity, unsold stock, lay-off, price signals, the forecast that this is what happened of.
  ADD COLUMN facts jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN ended_by text,
  -- By the shock's own time: its expiry, or when its source said that it is over.
  ADD COLUMN ended_at timestamptz,
  DROP CONSTRAINT shocks_origin_known,
  ADD CONSTRAINT shocks_origin_known
    CHECK (origin IN ('cap', 'snapshot', 'list', 'text', 'quake', 'price', 'report')),
  ADD CONSTRAINT shocks_ended_by_known
    CHECK (ended_by IN ('expiry', 'lifted', 'cancelled', 'hysteresis', 'taken-over'));
UPDATE shocks SET
  ended_by = CASE WHEN state = 'cancelled' THEN 'cancelled' WHEN merged_into IS NOT NULL THEN 'taken-over'
    WHEN origin = 'price' THEN 'hysteresis' ELSE 'expiry' END,
  ended_at = coalesce(least(expires, updated_at), updated_at)
  WHERE state <> 'open';
-- Lists by kind and area in the order of time; the timeline of an area reads revisions by day.
CREATE INDEX shock_revisions_by_time ON shock_revisions (at);

ALTER TABLE shock_messages
  DROP CONSTRAINT shock_messages_origin_known,
  ADD CONSTRAINT shock_messages_origin_known
    CHECK (origin IN ('cap', 'snapshot', 'list', 'text', 'quake', 'price', 'report', 'officer'));

CREATE TABLE shock_aliases (
  alias text NOT NULL,
  -- The feed whose message bears it: a name joins messages of different feeds, never two of one.
  origin text NOT NULL,
  shock_id uuid NOT NULL,
  CONSTRAINT shock_aliases_pk PRIMARY KEY (alias, origin, shock_id),
  CONSTRAINT shock_aliases_shock_fk FOREIGN KEY (shock_id) REFERENCES shocks (shock_id)
);
COMMENT ON TABLE shock_aliases IS 'What other feeds would call the warning that a shock came from';
GRANT SELECT, INSERT ON shock_aliases TO :app;
-- down: DROP TABLE shock_aliases; ALTER TABLE shocks DROP COLUMN facts, DROP COLUMN ended_by, DROP COLUMN ended_at.
