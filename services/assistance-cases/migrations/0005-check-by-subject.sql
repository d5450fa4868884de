-- A check answers for what it was of (docs/adr/0047): of the same subject, for some months, and of a case that has ended for no more than it knew.
ALTER TABLE triage_refs ADD COLUMN subject bigint;
COMMENT ON COLUMN triage_refs.subject IS
  'What the alerts are about beside their cause, as an opaque number (AlertBatch.subject); null where not stated, which is like no other';
-- A case that has ended is taken up again as a clue that nobody has touched; an item is answered by the dismissal of its own case.
GRANT UPDATE (acted) ON cases TO :writer;
GRANT UPDATE (checked_severity) ON check_items TO :writer;
GRANT SELECT (revision) ON check_results TO :writer;
-- down: REVOKE UPDATE (acted) ON cases FROM :writer; REVOKE UPDATE (checked_severity) ON check_items FROM :writer;
-- REVOKE SELECT (revision) ON check_results FROM :writer; ALTER TABLE triage_refs DROP COLUMN subject;
