-- No visit can have seen what had not begun (docs/adr/0072): a check or a telling of an earlier day is refused.
ALTER TABLE triage_refs ADD COLUMN began_on date;
COMMENT ON COLUMN triage_refs.began_on IS
  'First day of what the alerts tell of, the earliest that was stated (AlertBatch.began_on); null where not stated: then judged_on is held against visits';
GRANT UPDATE (began_on) ON triage_refs TO :writer;
-- down: REVOKE UPDATE (began_on) ON triage_refs FROM :writer; ALTER TABLE triage_refs DROP COLUMN began_on;
