-- The ledger of incomes and costs, the copy of what is known of households, and the assessments made of both.

CREATE TYPE entry_kind AS ENUM (
  'wage', 'business', 'property', 'transfer', 'cost',
  'insurance-payout', 'out-of-pocket', 'fixed-purpose-grant', 'temporary-help');
CREATE TYPE household_state AS ENUM ('active', 'moved-out', 'dissolved');

-- The part of an entry that falls into a window of months; the same arithmetic as src/ledger/spread.rule.ts.
CREATE FUNCTION month_share(amount bigint, from_month int, to_month int, window_from int, window_to int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN greatest(from_month, window_from) > least(to_month, window_to) THEN 0
    ELSE amount * (least(to_month, window_to) - from_month + 1) / (to_month - from_month + 1)
       - amount * (greatest(from_month, window_from) - from_month) / (to_month - from_month + 1) END
$$;

-- Division without leaving the integers, half a fen goes up; the same as perHead in libs/domain-kit money.ts.
CREATE FUNCTION per_head(total bigint, persons int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (2 * total + persons - (((2 * total + persons) % (2 * persons)) + 2 * persons) % (2 * persons)) / (2 * persons)
$$;

-- The next revision of an aggregate; the same as nextRevision in libs/domain-kit revision.ts.
CREATE FUNCTION next_revision(known bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN known IS NULL THEN epoch * 1099511627776 + 1
    ELSE greatest(known + 1, epoch * 1099511627776 + known % 1099511627776 + 1) END
  FROM (SELECT epoch::bigint FROM service_epoch) AS now
$$;

CREATE TABLE households (
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  persons integer NOT NULL,
  state household_state NOT NULL,
  -- 0 while only a bulk load has named the household and its profile has not been heard.
  profile_revision bigint NOT NULL,
  -- Month (months since the year 0) whose window the household was last assessed over; behind the current one, it is due.
  assessed_month integer NOT NULL,
  CONSTRAINT households_pk PRIMARY KEY (household_id),
  CONSTRAINT households_persons_not_negative CHECK (persons >= 0)
);
COMMENT ON TABLE households IS 'What income-monitoring needs of a household, copied from registry.household.v1';
CREATE INDEX households_by_place ON households (duty_code, household_id);
CREATE INDEX households_due ON households (assessed_month, household_id) WHERE state = 'active';
SELECT protect_by_scope('households');
GRANT SELECT, INSERT, UPDATE ON households TO :app;
GRANT SELECT, INSERT ON households TO :writer;

CREATE TABLE income_entries (
  entry_id bigint GENERATED ALWAYS AS IDENTITY,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  kind entry_kind NOT NULL,
  -- First and last month, inclusive, in months since the year 0; the amount lies evenly on them.
  from_month integer NOT NULL,
  to_month integer NOT NULL,
  amount_fen bigint NOT NULL,
  source text NOT NULL,
  source_key text NOT NULL,
  -- The entry that this one takes back.
  reverses_entry_id bigint,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT income_entries_pk PRIMARY KEY (entry_id),
  CONSTRAINT income_entries_source_key UNIQUE (household_id, source_key),
  CONSTRAINT income_entries_reverses FOREIGN KEY (reverses_entry_id) REFERENCES income_entries,
  -- The bounds that keep month_share inside bigint and JavaScript's safe integers.
  CONSTRAINT income_entries_months CHECK (to_month >= from_month AND to_month - from_month < 120),
  CONSTRAINT income_entries_amount CHECK (
    CASE WHEN reverses_entry_id IS NULL THEN amount_fen BETWEEN 0 AND 1000000000000
         ELSE amount_fen BETWEEN -1000000000000 AND 0 END)
);
COMMENT ON TABLE income_entries IS
  'Append-only ledger of incomes and costs; a correction is a reversing entry. Only the place that answers may follow a move';
CREATE UNIQUE INDEX income_entries_reversed_once ON income_entries (reverses_entry_id) WHERE reverses_entry_id IS NOT NULL;
SELECT protect_by_scope('income_entries');
GRANT SELECT, INSERT, UPDATE (duty_code) ON income_entries TO :app;
GRANT SELECT, INSERT ON income_entries TO :writer;

CREATE SEQUENCE assessment_batches AS bigint;
GRANT USAGE ON SEQUENCE assessment_batches TO :app, :writer;

CREATE TABLE assessments (
  household_id bigint NOT NULL,
  revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  window_from integer NOT NULL,
  window_to integer NOT NULL,
  persons integer NOT NULL,
  wage_fen bigint NOT NULL,
  business_fen bigint NOT NULL,
  property_fen bigint NOT NULL,
  transfer_fen bigint NOT NULL,
  production_cost_fen bigint NOT NULL,
  per_capita_fen bigint NOT NULL,
  closed boolean NOT NULL,
  -- Households assessed by one statement share a batch: the outbox names it, not each household.
  batch_id bigint NOT NULL,
  assessed_at timestamptz NOT NULL,
  CONSTRAINT assessments_pk PRIMARY KEY (household_id, revision),
  CONSTRAINT assessments_persons_positive CHECK (persons > 0),
  CONSTRAINT assessments_window CHECK (window_to = window_from + 11)
);
COMMENT ON TABLE assessments IS 'Revisions of each household''s figure, insert-only; the highest revision is the one in force';
CREATE INDEX assessments_by_batch ON assessments (batch_id);
SELECT protect_by_scope('assessments');
GRANT SELECT, INSERT, UPDATE (duty_code) ON assessments TO :app;
GRANT SELECT, INSERT ON assessments TO :writer;

GRANT SELECT ON service_epoch TO :writer;
