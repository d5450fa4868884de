-- One visit for all that is asked of a household (docs/adr/0030): its other open items are looked up with every page of a list.
-- In place of the index by place alone, so that a check list still fills two indexes (architecture §12).
CREATE INDEX check_items_open_by_place_and_household ON check_items (duty_code, household_id) WHERE state < 100;
DROP INDEX check_items_open_by_place;
-- down: CREATE INDEX check_items_open_by_place ON check_items (duty_code) WHERE state < 100; DROP INDEX check_items_open_by_place_and_household;
