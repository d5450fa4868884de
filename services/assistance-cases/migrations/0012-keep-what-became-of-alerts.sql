-- The history of a case tells what became of its alerts: when one was withdrawn, was raised again, or went its own way after the case had ended.
CREATE TABLE case_alert_steps (
  case_origin bigint NOT NULL,
  household_id bigint NOT NULL,
  origin bigint NOT NULL,
  alert_revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  stepped_at timestamptz NOT NULL,
  action text NOT NULL,
  -- Where the alert stood by then, and since when: the row that says so may be of another time once it is listed or attached anew.
  place text NOT NULL,
  since timestamptz NOT NULL,
  severity smallint NOT NULL,
  CONSTRAINT case_alert_steps_pkey PRIMARY KEY (case_origin, household_id, origin, alert_revision)
);
COMMENT ON TABLE case_alert_steps IS
  'What became of the alerts of a case after they had opened it, were attached or joined it as open check items; append-only by grants';
COMMENT ON COLUMN case_alert_steps.alert_revision IS 'Of the alert, by which it happened: a revision does one thing, however often it comes';
SELECT protect_by_scope('case_alert_steps');
GRANT SELECT ON case_alert_steps TO :app;
GRANT INSERT ON case_alert_steps TO :writer;
-- Of withdrawals before this migration the moment is not known: such alerts show by `stands` alone.
-- down: DROP TABLE case_alert_steps; histories tell no withdrawals any more.
