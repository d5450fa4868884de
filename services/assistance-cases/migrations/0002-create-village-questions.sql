-- When a notice ends, each village in it is asked 受灾 or 未受灾 (docs/adr/0017). Codes of states: src/village-questions/question-states.ts.

CREATE TABLE heard_shocks (
  shock_id uuid NOT NULL,
  revision bigint NOT NULL,
  kind text NOT NULL,
  level smallint NOT NULL,
  headline text NOT NULL,
  onset timestamptz NOT NULL,
  -- Whether the last revision asks; the round counts how often it began to.
  asks boolean NOT NULL,
  round smallint NOT NULL,
  ended_at timestamptz,
  -- What stands for (shock, round) in the ids of questions.
  origin bigint,
  CONSTRAINT heard_shocks_pkey PRIMARY KEY (shock_id),
  CONSTRAINT heard_shocks_origin_unique UNIQUE (origin)
);
COMMENT ON TABLE heard_shocks IS 'The last revision heard of every shock: public facts, so under no scope';
GRANT SELECT ON heard_shocks TO :app;
GRANT SELECT, INSERT, UPDATE ON heard_shocks TO :writer;

CREATE TABLE village_questions (
  origin bigint NOT NULL,
  -- The village's own duty code: fifteen digits, the last three zero.
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  asked_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  severity smallint NOT NULL,
  state smallint NOT NULL,
  -- First answer: corrections count their time from here.
  first_answered_at timestamptz,
  answered_at timestamptz,
  crop_hit_centimu bigint,
  crop_lost_centimu bigint,
  houses_collapsed integer,
  houses_damaged integer,
  products smallint[] NOT NULL DEFAULT '{}',
  CONSTRAINT village_questions_pkey PRIMARY KEY (duty_code, origin),
  CONSTRAINT village_questions_severity CHECK (severity BETWEEN 0 AND 4)
);
-- A village is asked one question at a time: the notices of one night share it.
CREATE UNIQUE INDEX village_questions_one_open ON village_questions (duty_code) WHERE state < 100;
COMMENT ON TABLE village_questions IS 'What villages owe: 受灾 or 未受灾 after a notice has ended; silence goes overdue by due_at';
COMMENT ON COLUMN village_questions.severity IS 'The highest level of the notices that are asked about, 0 where they state none';
SELECT protect_by_scope('village_questions');
GRANT SELECT ON village_questions TO :app;
GRANT UPDATE (revision, state, first_answered_at, answered_at, crop_hit_centimu, crop_lost_centimu, houses_collapsed, houses_damaged, products)
  ON village_questions TO :app;
GRANT SELECT, INSERT ON village_questions TO :writer;
GRANT UPDATE (revision, state, severity) ON village_questions TO :writer;

CREATE TABLE question_notices (
  shock_id uuid NOT NULL,
  duty_code bigint NOT NULL,
  round smallint NOT NULL,
  origin bigint NOT NULL,
  -- Of what is said of this village and shock; grows through all rounds.
  revision bigint NOT NULL,
  attached_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  CONSTRAINT question_notices_pkey PRIMARY KEY (shock_id, duty_code, round)
);
CREATE INDEX question_notices_of_question ON question_notices (duty_code, origin);
COMMENT ON TABLE question_notices IS 'Which notices a question asks about: those that ended while it was open; one answer counts for all';
SELECT protect_by_scope('question_notices');
GRANT SELECT ON question_notices TO :app;
GRANT UPDATE (revision) ON question_notices TO :app;
GRANT SELECT, INSERT ON question_notices TO :writer;
GRANT UPDATE (withdrawn_at) ON question_notices TO :writer;

CREATE TABLE village_answer_log (
  origin bigint NOT NULL,
  duty_code bigint NOT NULL,
  revision bigint NOT NULL,
  answered_at timestamptz NOT NULL,
  hit boolean NOT NULL,
  crop_hit_centimu bigint,
  crop_lost_centimu bigint,
  houses_collapsed integer,
  houses_damaged integer,
  products smallint[] NOT NULL DEFAULT '{}',
  note text,
  actor text NOT NULL,
  actor_role text NOT NULL,
  CONSTRAINT village_answer_log_pkey PRIMARY KEY (duty_code, origin, revision)
);
COMMENT ON TABLE village_answer_log IS 'Every answer with its corrections; append-only by grants. Notes stay here';
SELECT protect_by_scope('village_answer_log');
GRANT SELECT, INSERT ON village_answer_log TO :app;
-- down: DROP TABLE village_answer_log, question_notices, village_questions, heard_shocks; answers already said stay with their followers.
