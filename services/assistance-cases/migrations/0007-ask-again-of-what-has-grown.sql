-- A check answers for as much as it has seen (docs/adr/0059): a bill ten times as large is looked at again, whatever its severity.
ALTER TABLE triage_refs ADD COLUMN asks_again_from bigint;
COMMENT ON COLUMN triage_refs.asks_again_from IS
  'Of the revision that somebody was last to look at: from which extent on a check of it answers no more (AlertBatch); null where not stated';
ALTER TABLE check_results ADD COLUMN asks_again_from bigint;
COMMENT ON COLUMN check_results.asks_again_from IS 'The same of the alert as it was when checked; null where it was not stated';
GRANT UPDATE (asks_again_from) ON triage_refs TO :writer;
GRANT SELECT (asks_again_from) ON check_results TO :writer;
-- down: REVOKE UPDATE (asks_again_from) ON triage_refs FROM :writer; REVOKE SELECT (asks_again_from) ON check_results FROM :writer;
-- ALTER TABLE check_results DROP COLUMN asks_again_from; ALTER TABLE triage_refs DROP COLUMN asks_again_from;
