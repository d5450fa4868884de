-- Households with several standing alerts are looked at once: two troubles of one cause may be a joint risk now, and a bill or a wage that
-- was counted twice no longer makes one (docs/adr/0048). What was said too much eases as anything less does.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
UPDATE episode_alerts SET due_at = now() WHERE (household_id, origin) IN (
  SELECT household_id, min(origin) FROM episode_alerts WHERE raised AND held > 0 AND gone_since IS NULL
  GROUP BY household_id HAVING count(*) > 1);
-- No down: a look changes nothing that is right.
