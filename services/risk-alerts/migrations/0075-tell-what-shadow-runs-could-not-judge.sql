-- A shadow run goes on where a policy lacks something to judge some households by, and tells where
-- (docs/adr/0067-a-what-if-says-what-it-could-not-judge.md).
ALTER TABLE shadow_run_townships ADD COLUMN unjudged_in jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN shadow_run_townships.unjudged_in IS
  'What the live or the shadow policy lacks there, and how many households could not be judged for it; empty in runs of before, which gave up at the first';
-- Those that gave up for that, of the shadow policy that ran last, are run once more.
UPDATE shadow_runs SET state = 'waiting', attempts = 0, retry_at = NULL, last_error = NULL
WHERE state = 'failed' AND starts_with(last_error, 'no policy value for ')
  AND shadow_version = (SELECT shadow_version FROM shadow_runs ORDER BY run_no DESC LIMIT 1);
-- down: ALTER TABLE shadow_run_townships DROP COLUMN unjudged_in;
