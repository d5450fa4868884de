-- The alerts of findings follow a household to where it has moved, in the transaction that stores where it lives: they are looked for by it.
CREATE INDEX findings_alerted ON findings (household_id) WHERE outcome = 'alerted';
-- down: DROP INDEX findings_alerted;
