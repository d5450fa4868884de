-- The daily comparison covers joint alerts and what checks answer for (docs/adr/0042-joint-alerts-and-checks-are-compared.md).
ALTER TABLE reconciliation_tallies
  ADD COLUMN checks integer,
  ADD COLUMN checks_hash text,
  ADD COLUMN their_checks integer,
  ADD COLUMN their_checks_hash text,
  ADD COLUMN others_since timestamptz,
  ADD COLUMN others_above bigint,
  ADD COLUMN others_up_to bigint,
  ADD COLUMN others bigint[];
COMMENT ON COLUMN reconciliation_tallies.checks IS
  'Alerts that a check answers for as noted here; null where checks are not compared. their_checks as assistance-cases has them';
COMMENT ON COLUMN reconciliation_tallies.others_since IS
  'Of joint alerts: those that are not named, raised since, with origins above others_above and up to others_up_to, are asked for too';
COMMENT ON COLUMN reconciliation_tallies.others IS 'Households of others that assistance-cases holds and that were never alerted here';
COMMENT ON COLUMN reconciliation_tallies.origins IS
  'Of findings and joint alerts: the origins that are compared together; origin is the first of them. Null for a shock and cause';
ALTER TABLE reconciliation_findings
  DROP CONSTRAINT reconciliation_findings_subject,
  ADD CONSTRAINT reconciliation_findings_subject
    CHECK (subject IN ('answers', 'finding-answers', 'joint-answers', 'households', 'assessments')),
  DROP CONSTRAINT reconciliation_findings_kind_check,
  ADD CONSTRAINT reconciliation_findings_kind_check CHECK (kind IN ('answers-lost', 'alerts-lost', 'checks-lost', 'never-alerted',
    'exposure-lost', 'exposure-differs', 'unknown-to-owner', 'still-differs', 'no-reply'));
-- Few alerts are answered by a check: what is noted of an origin is found without its other alerts.
CREATE INDEX episode_alerts_checked ON episode_alerts (origin) WHERE checked_up_to IS NOT NULL;
-- down: DROP INDEX episode_alerts_checked; DELETE FROM reconciliation_findings WHERE subject = 'joint-answers' OR kind = 'checks-lost', and
-- the tallies of joint alerts; the constraints of 0014 and 0023; the columns.
