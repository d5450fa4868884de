-- Early warning dates no risk by a policy applied backwards. Its lane does not tell: what somebody still waited for stays live.
ALTER TABLE fan_outs ADD COLUMN applied_backwards boolean NOT NULL DEFAULT false;
UPDATE fan_outs SET applied_backwards = true WHERE lane = 'bulk';
COMMENT ON COLUMN fan_outs.applied_backwards IS 'The revision came of a policy that an officer applied backwards';
-- down: ALTER TABLE fan_outs DROP COLUMN applied_backwards;
