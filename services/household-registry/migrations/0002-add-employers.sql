-- The firm that a job is with, so that those are found whose employer lets people go.
ALTER TABLE livelihoods
  ADD COLUMN employer text,
  ADD CONSTRAINT livelihoods_employer_is_a_credit_code CHECK (employer ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
  ADD CONSTRAINT livelihoods_employer_of_jobs_only CHECK (employer IS NULL OR kind = 3);
COMMENT ON COLUMN livelihoods.employer IS
  'Jobs: unified social credit code of the employer (GB 32100-2015); null where not known or there is none';
-- down: ALTER TABLE livelihoods DROP COLUMN employer;
