-- What makes two statements one finding now counts the area of the account that sends (docs/adr/0040): two counties that push the
-- same person hold a finding each. It stands in a column of its own, reckoned as src/findings/finding-id.ts does. Findings that
-- are here keep their ids, which others hold; for new ones id and identity are the same.
ALTER TABLE findings ADD COLUMN identity uuid;
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
WITH named AS (
  SELECT finding_id, substring(sha256(convert_to(concat_ws(E'\n', department, 'area ' || area_lo || ' ' || area_hi,
           coalesce('person ' || encode(id_hash, 'hex'), 'household ' || named_household),
           CASE kind WHEN 1 THEN 'medical-spending' WHEN 2 THEN 'accident' WHEN 3 THEN 'death-of-earner' WHEN 4 THEN 'disability'
                     WHEN 5 THEN 'drop-out' WHEN 6 THEN 'tuition' WHEN 7 THEN 'unsafe-house' WHEN 8 THEN 'water' WHEN 9 THEN 'crime' END,
           to_char(period, 'YYYY-MM-DD')), 'UTF8')) FROM 1 FOR 16) AS bytes
    FROM findings)
UPDATE findings f
   SET identity = encode(set_byte(set_byte(bytes, 6, get_byte(bytes, 6) & 15 | 128), 8, get_byte(bytes, 8) & 63 | 128), 'hex')::uuid
  FROM named WHERE named.finding_id = f.finding_id;
ALTER TABLE findings ALTER COLUMN identity SET NOT NULL, ADD CONSTRAINT findings_once_a_sender UNIQUE (identity);
COMMENT ON COLUMN findings.identity IS 'Hash of department, area of the account, person or household, kind and period: what comes again with it is the same finding';
-- down: ALTER TABLE findings DROP COLUMN identity; only where no person was pushed by two areas since.
