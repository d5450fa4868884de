-- An application whose policy version no process has any more lapses; processes of its version say that they are there (docs/adr/0056).
ALTER TABLE policy_applications
  ADD COLUMN carried_at timestamptz NOT NULL DEFAULT now(),
  DROP CONSTRAINT policy_applications_state_known,
  ADD CONSTRAINT policy_applications_state_known CHECK (state IN ('running', 'done', 'lapsed'));
COMMENT ON COLUMN policy_applications.carried_at IS 'When a process of its version was last seen, by the database''s clock';
-- down: ALTER TABLE policy_applications DROP COLUMN carried_at; the constraint anew as of 0013, once none has lapsed.
