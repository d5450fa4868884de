-- The daily comparison of answers covers alerts of findings as well (docs/adr/0037-findings-are-compared-too.md).
ALTER TABLE reconciliation_tallies ADD COLUMN origins bigint[];
COMMENT ON COLUMN reconciliation_tallies.origins IS
  'Of findings: the origins that are compared together; origin is the first of them. Null for a shock and cause';
ALTER TABLE reconciliation_findings
  DROP CONSTRAINT reconciliation_findings_subject,
  ADD CONSTRAINT reconciliation_findings_subject CHECK (subject IN ('answers', 'finding-answers', 'households', 'assessments'));
-- down: DELETE FROM both where they are of findings; the column; the constraint of 0014.
