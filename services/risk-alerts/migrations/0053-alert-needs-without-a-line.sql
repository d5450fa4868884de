-- A need that takes no income is alerted where no monitoring line was set; its finding says so ('no-line') and is judged again under the next
-- policy version.
ALTER TABLE findings
  DROP CONSTRAINT findings_reason_given,
  ADD CONSTRAINT findings_reason_given CHECK ((outcome IN ('waiting', 'withheld')) = (reason IS NOT NULL)
    OR (outcome = 'alerted' AND reason IN ('no-policy', 'no-line', 'household-left', 'household-unknown')));
DROP INDEX findings_without_policy;
CREATE INDEX findings_without_policy ON findings (finding_id) WHERE reason IN ('no-policy', 'no-line');
-- down: the constraint and the index anew as of 0041 and 0040, once no finding says 'no-line'.
