-- Findings that raised nothing are judged again when something of their household changes, and those without a policy when there is
-- another (docs/adr/0049-findings-stay-their-senders-and-are-looked-at-again.md). An alert that stands is not taken back for want of
-- a policy: its finding says 'no-policy' until there is one.
ALTER TABLE findings
  DROP CONSTRAINT findings_reason_given,
  ADD CONSTRAINT findings_reason_given CHECK ((outcome IN ('waiting', 'withheld')) = (reason IS NOT NULL)
    OR (outcome = 'alerted' AND reason = 'no-policy'));
CREATE INDEX findings_to_judge_again ON findings (household_id)
  WHERE outcome IN ('waiting', 'withheld') OR income_awaited_until IS NOT NULL;
CREATE INDEX findings_without_policy ON findings (finding_id) WHERE reason = 'no-policy';
-- down: DROP INDEX findings_to_judge_again, findings_without_policy; the constraint of 0011 anew, once no finding is 'alerted' with a reason.
