-- Since when a member belongs to the household: a person who stood in a wrong one is told by it from one who has moved (docs/adr/0056).
ALTER TABLE household_members ADD COLUMN since date;
COMMENT ON COLUMN household_members.since IS
  'First day (Beijing) on which the member belonged to the household; null where nobody has said';
-- down: ALTER TABLE household_members DROP COLUMN since;
