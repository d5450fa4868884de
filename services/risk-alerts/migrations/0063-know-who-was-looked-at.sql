-- A slice of changed households names those whom it tells something, at most some hundred: they are found by the key of alerts, where all that
-- its shock ever raised was read (docs/adr/0061-a-withdrawal-comes-last.md).
ALTER TABLE slices ADD COLUMN household_ids bigint[];
COMMENT ON COLUMN slices.household_ids IS 'Of a slice of changed households (relook): all of whom it stored an alert revision; null: of older ones, and of the others';
-- down: ALTER TABLE slices DROP COLUMN household_ids;
