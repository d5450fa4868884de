-- An early warning that only alerts taken back since have opened ends at once, and says so (docs/adr/0078-when-an-early-warning-eases-and-ends.md).
ALTER TABLE regional_alert_history ADD COLUMN recalled boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN regional_alert_history.recalled IS 'It ended because it would never have opened by the alerts that were not taken back';
-- down: ALTER TABLE regional_alert_history DROP COLUMN recalled;
