-- Triage says that a recall closed a case which others have heard of, and notes a subject that an origin did not state before (docs/adr/0047).
GRANT SELECT (case_origin, household_id, action) ON case_steps TO :writer;
GRANT UPDATE (subject) ON triage_refs TO :writer;
-- down: REVOKE SELECT (case_origin, household_id, action) ON case_steps FROM :writer; REVOKE UPDATE (subject) ON triage_refs FROM :writer;
