-- That a slice waits for a policy is known by its error itself, not by how that is worded.
ALTER TABLE slices ADD COLUMN lacks_policy boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN slices.lacks_policy IS 'Its last try failed because the policy version has no value to judge somebody by: no try comes right. last_error says which';
UPDATE slices SET lacks_policy = true WHERE state IN ('waiting', 'claimed') AND starts_with(last_error, 'no policy value for ');
-- down: ALTER TABLE slices DROP COLUMN lacks_policy;
