-- Since when the monitoring status holds: whoever reads "risk removed" has to know whether that was last month or years ago.
ALTER TABLE households ADD COLUMN monitoring_since date;
COMMENT ON COLUMN households.monitoring_since IS
  'Day (Beijing) since when monitoring is what it is; null where nobody has said, as of households registered with their status';

-- Statuses that were changed here hold from that day. The daily comparison of exposure (docs/adr/0032) says these households again.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
UPDATE households h SET monitoring_since = (changed.at AT TIME ZONE 'Asia/Shanghai')::date
  FROM (SELECT household_id, max(at) AS at FROM household_history WHERE 'monitoring' = ANY(string_to_array(change, ' '))
         GROUP BY household_id) AS changed
 WHERE changed.household_id = h.household_id;
-- down: ALTER TABLE households DROP COLUMN monitoring_since;
