-- What alerts became. Compact numeric columns and two indexes at most on what a shock fills (architecture §12).
-- Codes of states and outcomes: src/cases/case-states.ts, src/check-items/check-item-states.ts and cases/v1/case.proto.

CREATE TABLE triage_refs (
  origin bigint NOT NULL,
  shock_id uuid NOT NULL,
  cause text NOT NULL,
  shock_kind text NOT NULL,
  policy_version text NOT NULL,
  judged_on date NOT NULL,
  raised_at timestamptz NOT NULL,
  CONSTRAINT triage_refs_pkey PRIMARY KEY (origin)
);
COMMENT ON TABLE triage_refs IS 'One row an origin (shock and cause): what stands behind the number in the ids of cases and check items';
CREATE INDEX triage_refs_by_shock ON triage_refs (shock_id);
GRANT SELECT ON triage_refs TO :app;
GRANT SELECT, INSERT ON triage_refs TO :writer;

CREATE TABLE cases (
  case_origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  alert_revision bigint NOT NULL,
  opened_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  flagged_at timestamptz,
  persons smallint NOT NULL,
  severity smallint NOT NULL,
  alert_severity smallint NOT NULL,
  alert_outcome smallint NOT NULL,
  state smallint NOT NULL,
  regime smallint NOT NULL,
  acted boolean NOT NULL,
  CONSTRAINT cases_pkey PRIMARY KEY (case_origin, household_id),
  CONSTRAINT cases_ranges CHECK (persons BETWEEN 1 AND 99 AND severity BETWEEN 1 AND 4 AND alert_severity BETWEEN 1 AND 4)
);
-- Two shocks that meet at one household make one case: the second alert attaches.
CREATE UNIQUE INDEX cases_one_open_case ON cases (household_id) WHERE state < 100;
COMMENT ON TABLE cases IS 'Assistance cases; the row is also the record of the alert that opened the case (alert_ columns)';
COMMENT ON COLUMN cases.severity IS 'The worst of the alerts that still stand on the case';
COMMENT ON COLUMN cases.acted IS 'A person has taken a step: a recall marks such a case and never closes it';
COMMENT ON COLUMN cases.regime IS '1 until 2025 (防止返贫动态监测), 2 from 2026 (常态化精准帮扶)';
SELECT protect_by_scope('cases');
GRANT SELECT, INSERT, UPDATE ON cases TO :app;
GRANT SELECT, INSERT ON cases TO :writer;
GRANT UPDATE (duty_code, revision, alert_revision, due_at, flagged_at, persons, severity, alert_severity, alert_outcome, state)
  ON cases TO :writer;

CREATE TABLE case_alerts (
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  case_origin bigint NOT NULL,
  alert_revision bigint NOT NULL,
  attached_at timestamptz NOT NULL,
  severity smallint NOT NULL,
  outcome smallint NOT NULL,
  CONSTRAINT case_alerts_pkey PRIMARY KEY (origin, household_id),
  CONSTRAINT case_alerts_ranges CHECK (severity BETWEEN 1 AND 4)
);
CREATE INDEX case_alerts_of_case ON case_alerts (case_origin, household_id);
COMMENT ON TABLE case_alerts IS 'Alerts that met an open case of their household and were attached to it';
SELECT protect_by_scope('case_alerts');
GRANT SELECT, INSERT, UPDATE ON case_alerts TO :app;
GRANT SELECT, INSERT ON case_alerts TO :writer;
GRANT UPDATE (duty_code, case_origin, alert_revision, attached_at, severity, outcome) ON case_alerts TO :writer;

CREATE TABLE case_steps (
  case_origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  stepped_at timestamptz NOT NULL,
  action text NOT NULL,
  from_state smallint NOT NULL,
  to_state smallint NOT NULL,
  severity smallint NOT NULL,
  regime smallint NOT NULL,
  policy_version text NOT NULL,
  actor text,
  actor_role text,
  reason text,
  checkers text[],
  told_on date,
  CONSTRAINT case_steps_pkey PRIMARY KEY (case_origin, household_id, revision)
);
COMMENT ON TABLE case_steps IS 'Every step of a case after its opening, by a person or (actor null) by the machine; append-only by grants';
SELECT protect_by_scope('case_steps');
GRANT SELECT, INSERT ON case_steps TO :app;
GRANT INSERT ON case_steps TO :writer;

CREATE TABLE check_items (
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  alert_revision bigint NOT NULL,
  listed_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  flagged_at timestamptz,
  remembered_origin bigint,
  persons smallint NOT NULL,
  severity smallint NOT NULL,
  checked_severity smallint,
  outcome smallint NOT NULL,
  state smallint NOT NULL,
  CONSTRAINT check_items_pkey PRIMARY KEY (origin, household_id),
  CONSTRAINT check_items_ranges CHECK (persons BETWEEN 1 AND 99 AND severity BETWEEN 1 AND 4)
);
CREATE INDEX check_items_open_by_place ON check_items (duty_code) WHERE state < 100;
COMMENT ON TABLE check_items IS 'The villages'' check lists (排查清单): a household that an alert below the case band names';
COMMENT ON COLUMN check_items.remembered_origin IS 'The earlier check without risk that answers for this one, so that nobody is asked to visit again';
SELECT protect_by_scope('check_items');
GRANT SELECT, INSERT, UPDATE ON check_items TO :app;
GRANT SELECT, INSERT ON check_items TO :writer;
GRANT UPDATE (duty_code, revision, alert_revision, listed_at, due_at, flagged_at, remembered_origin, persons, severity, outcome, state)
  ON check_items TO :writer;

CREATE TABLE check_results (
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  result smallint NOT NULL,
  severity smallint NOT NULL,
  checked_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  reason text NOT NULL,
  checkers text[] NOT NULL,
  actor text NOT NULL,
  actor_role text NOT NULL,
  CONSTRAINT check_results_pkey PRIMARY KEY (origin, household_id, revision)
);
CREATE INDEX check_results_by_household ON check_results (household_id);
COMMENT ON TABLE check_results IS 'What the checks found, each time anew; append-only by grants. A check without risk is remembered from here';
SELECT protect_by_scope('check_results');
GRANT SELECT, INSERT ON check_results TO :app;
GRANT SELECT (origin, household_id, result, severity, checked_on, recorded_at) ON check_results TO :writer;

CREATE TABLE withdrawals (
  origin bigint NOT NULL,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  alert_revision bigint NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT withdrawals_pkey PRIMARY KEY (origin, household_id)
);
COMMENT ON TABLE withdrawals IS 'Withdrawn alerts that never came before: an earlier revision that arrives later is ignored';
SELECT protect_by_scope('withdrawals');
GRANT SELECT ON withdrawals TO :app;
GRANT SELECT, INSERT ON withdrawals TO :writer;
GRANT UPDATE (alert_revision, received_at) ON withdrawals TO :writer;

-- Triage commits its effect, its progress and its answer as the writer (architecture §6, §12).
GRANT SELECT ON service_epoch TO :writer;
