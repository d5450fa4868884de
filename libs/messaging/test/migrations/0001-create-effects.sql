-- What the handlers of these specs do: a state by revision, and a line for every time one was applied.
CREATE TABLE effects (
  household_id bigint PRIMARY KEY,
  revision bigint NOT NULL,
  changes integer NOT NULL DEFAULT 1
);
CREATE TABLE applied (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  household_id bigint NOT NULL,
  revision bigint NOT NULL,
  applied_by text NOT NULL
);
-- Households whose events fail as long as they stand here.
CREATE TABLE poisoned (household_id bigint PRIMARY KEY);
GRANT SELECT, INSERT, UPDATE, DELETE ON effects, applied, poisoned TO :app;
