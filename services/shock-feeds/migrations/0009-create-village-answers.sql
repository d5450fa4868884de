-- What villages answered after a notice had ended (said by assistance-cases). A village is no household: under no scope.
CREATE TABLE village_answers (
  shock_id uuid NOT NULL,
  village text NOT NULL,
  revision bigint NOT NULL,
  -- open · hit (受灾) · not-hit (未受灾) · withdrawn
  state text NOT NULL,
  answered_at timestamptz,
  crop_hit_centimu bigint NOT NULL,
  crop_lost_centimu bigint NOT NULL,
  houses_collapsed integer NOT NULL,
  houses_damaged integer NOT NULL,
  products integer[] NOT NULL,
  -- Of the notices that one answer was about, the one that stands for what happened.
  principal_shock_id uuid NOT NULL,
  -- The shock that a 受灾 became; stays when it was put right and the shock is cancelled.
  observed_shock_id uuid,
  CONSTRAINT village_answers_pk PRIMARY KEY (shock_id, village),
  CONSTRAINT village_answers_state_known CHECK (state IN ('open', 'hit', 'not-hit', 'withdrawn')),
  CONSTRAINT village_answers_observed_fk FOREIGN KEY (observed_shock_id) REFERENCES shocks (shock_id)
);
COMMENT ON TABLE village_answers IS 'The last answer of each village to each notice; area timelines read it';
CREATE INDEX village_answers_of_village ON village_answers (village, answered_at);
GRANT SELECT, INSERT, UPDATE ON village_answers TO :app;
-- down: DROP TABLE village_answers; the observed shocks stand.
