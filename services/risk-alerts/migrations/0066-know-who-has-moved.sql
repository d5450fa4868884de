-- Who lives elsewhere than when alerted counts for early warning where it lives, and what is read for that and for looks does not grow with the years
-- (docs/adr/0063-comparisons-simulations-and-warnings-keep-to-their-share.md).
CREATE TABLE moved_households (
  household_id bigint PRIMARY KEY,
  duty_code bigint NOT NULL
);
COMMENT ON TABLE moved_households IS
  'Households whose duty code has ever changed (theirs by now): their alerts may be of another place. All others have theirs under the code that they live at';
SELECT protect_by_scope('moved_households');
GRANT SELECT, INSERT, UPDATE ON moved_households TO :app;
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
INSERT INTO moved_households (household_id, duty_code)
SELECT DISTINCT h.household_id, h.duty_code FROM (
    SELECT household_id, duty_code FROM exposure_a WHERE (SELECT live FROM exposure_current) = 'a'
    UNION ALL SELECT household_id, duty_code FROM exposure_b WHERE (SELECT live FROM exposure_current) = 'b') AS h
  JOIN (SELECT DISTINCT household_id, duty_code FROM alerts) AS a ON a.household_id = h.household_id AND a.duty_code <> h.duty_code;

-- Every finding is a slice, and none goes: those of a window of time are found by it.
CREATE INDEX slices_stored ON slices (stored_at) WHERE stored_at IS NOT NULL;
-- Every warning of the country is a shock; whether any is open is asked for each batch of changed households.
CREATE INDEX shocks_open ON shocks (shock_id) WHERE state = 1;
-- down: DROP INDEX shocks_open, slices_stored; DROP TABLE moved_households;
