-- A household whose profile comes before its income is judged without it; its findings are judged again when the income comes
-- (docs/adr/0036-late-incomes.md).
ALTER TABLE findings ADD COLUMN income_awaited_until timestamptz;
CREATE INDEX findings_awaiting_income ON findings (household_id) WHERE income_awaited_until IS NOT NULL;
COMMENT ON COLUMN findings.income_awaited_until IS
  'Judged without the income of the household: until then it is judged again when that comes; null where it was known';
-- down: ALTER TABLE findings DROP COLUMN income_awaited_until;
