-- A finding whose alert stands may have a revision that could not be judged: no policy held, or the household had left. It says so by
-- its reason, and is judged when something of the household changes, as those that wait or raised nothing.
ALTER TABLE findings
  DROP CONSTRAINT findings_reason_given,
  ADD CONSTRAINT findings_reason_given CHECK ((outcome IN ('waiting', 'withheld')) = (reason IS NOT NULL)
    OR (outcome = 'alerted' AND reason IN ('no-policy', 'household-left', 'household-unknown')));
DROP INDEX findings_to_judge_again;
CREATE INDEX findings_to_judge_again ON findings (household_id) WHERE reason IS NOT NULL OR income_awaited_until IS NOT NULL;
-- down: DROP INDEX findings_to_judge_again; it and the constraint anew as of 0040, once no finding is 'alerted' with another reason.
