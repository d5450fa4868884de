-- What has been observed ends too, long after the last word of it (policy observed-life); so far it had no end by a clock.
UPDATE shocks SET ends_due_at = greatest(updated_at + interval '60 days', ends_due_at)
  WHERE state = 'open' AND lane = 'alert' AND origin <> 'price';
UPDATE shocks SET ends_due_at = NULL WHERE origin = 'price';
DROP INDEX shocks_due;
CREATE INDEX shocks_due ON shocks (ends_due_at) WHERE state = 'open' AND ends_due_at IS NOT NULL;
-- down: DROP INDEX shocks_due; CREATE INDEX shocks_due ON shocks (ends_due_at) WHERE state = 'open' AND lane <> 'alert' AND ends_due_at IS NOT NULL.
