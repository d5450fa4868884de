-- Who is looked at next is found in the order in which they are, however many wait: an import asks for a million (docs/adr/0062-live-shocks-wait-for-nothing.md).
CREATE INDEX relooks_next ON relooks ((attempts > 0), asked_at, household_id) WHERE batch_no IS NULL;
-- down: DROP INDEX relooks_next;
