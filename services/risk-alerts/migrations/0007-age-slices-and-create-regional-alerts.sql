-- When a slice was cut: what is not published long after is stuck, whatever holds it up.
ALTER TABLE slices ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();

-- Regional early warning (规模性返贫). Insert only: the last revision of an area, rule and subject is how it stands.
CREATE TABLE regional_alert_history (
  duty_code bigint NOT NULL,
  level text NOT NULL CHECK (level IN ('village', 'township', 'county')),
  rule text NOT NULL CHECK (rule IN ('share', 'cluster', 'product', 'employer', 'scheme')),
  subject text NOT NULL,
  revision integer NOT NULL CHECK (revision > 0),
  state text NOT NULL CHECK (state IN ('open', 'eased', 'ended')),
  opened_at timestamptz NOT NULL,
  since timestamptz NOT NULL,
  evaluated_at timestamptz NOT NULL,
  households integer NOT NULL,
  of_households integer NOT NULL,
  struck_parts integer NOT NULL,
  parts integer NOT NULL,
  judged_on date NOT NULL,
  policy_version text NOT NULL,
  CONSTRAINT regional_alert_history_pk PRIMARY KEY (duty_code, level, rule, subject, revision)
);
COMMENT ON TABLE regional_alert_history IS 'Revisions of early warnings for areas; duty_code is the first one of the area';
COMMENT ON COLUMN regional_alert_history.subject IS 'Product code, credit code of the employer, or water scheme; empty where the rule has none';
COMMENT ON COLUMN regional_alert_history.since IS 'When it came into this state; opened_at is when the warning opened';
SELECT protect_by_scope('regional_alert_history');
GRANT SELECT, INSERT ON regional_alert_history TO :app;

-- Insert only, so that whoever asks for a look never waits for one under way.
CREATE TABLE regional_looks (
  look_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county integer NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX regional_looks_of_county ON regional_looks (county);
COMMENT ON TABLE regional_looks IS 'Counties whose early warnings are to be judged anew: after a fan-out has settled, and by the sweep';
GRANT SELECT, INSERT, DELETE, UPDATE ON regional_looks TO :app;

CREATE TABLE regional_sweep (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  due_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE regional_sweep IS 'When all counties are judged anew: time alone eases and ends warnings';
INSERT INTO regional_sweep DEFAULT VALUES;
GRANT SELECT, UPDATE ON regional_sweep TO :app;
-- down: DROP TABLE regional_alert_history, regional_looks, regional_sweep; and the column.
