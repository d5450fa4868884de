-- Of each open shock the townships themselves are counted again, beside who is touched in some of them
-- (docs/adr/0057-last-word-last-place-every-township.md).
ALTER TABLE reconciliation_judgements ADD COLUMN census boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN reconciliation_judgements.census IS
  'About the whole fan-out (duty_code is the area''s): townships that the shock touches now and that no slice or look was of';
-- down: ALTER TABLE reconciliation_judgements DROP COLUMN census;
