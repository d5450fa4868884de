-- The timeline of an area asks for the shocks of some days.
CREATE INDEX shocks_by_onset ON shocks (onset);
-- down: DROP INDEX shocks_by_onset.
