-- Checks without risk that were recorded before they were said to risk-alerts (docs/adr/0035-a-check-ends-the-risk.md) are said once now, each
-- with the answers of its shock and township: one reference a shock, rendered by the relay.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
INSERT INTO outbox (topic, source, ref, leased_by, lease_until)
SELECT 'cases.case.v1', 'triage-answers', jsonb_build_object('groups', jsonb_agg(jsonb_build_array(origin, township) ORDER BY township)),
       gen_random_uuid(), now()
  FROM (SELECT DISTINCT origin, (duty_code / 1000000)::text AS township FROM check_items WHERE state = 101) AS checked
 GROUP BY origin;
-- No down: what was said stays said, and saying it again changes nothing.
