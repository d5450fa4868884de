-- Two lanes: what somebody waits for, and what may wait (a policy applied backwards, batches of findings).
ALTER TABLE fan_outs
  ADD COLUMN lane text NOT NULL DEFAULT 'live',
  ADD CONSTRAINT fan_outs_lane_known CHECK (lane IN ('live', 'bulk'));
ALTER TABLE slices
  ADD COLUMN lane text NOT NULL DEFAULT 'live',
  ADD CONSTRAINT slices_lane_known CHECK (lane IN ('live', 'bulk'));
COMMENT ON COLUMN slices.lane IS 'Slices of the bulk lane are claimed only where no live one waits, and published on a topic of their own';
-- down: ALTER TABLE slices DROP COLUMN lane; ALTER TABLE fan_outs DROP COLUMN lane.
