-- A price shock ends by the clock too, once its series has been silent for as long as policy price-series says (docs/adr/0081); so far only a later price
-- showed it. What is open has half a year from its last price, the longest of the policies of its day; the next price of its series says how long it has.
UPDATE shocks s SET ends_due_at = (last.day + 182)::timestamp AT TIME ZONE 'Asia/Shanghai'
  FROM (SELECT product, market, max(day) AS day FROM price_points WHERE superseded_at IS NULL GROUP BY product, market) AS last
  WHERE s.state = 'open' AND s.origin = 'price' AND s.price ->> 'market' = last.market AND (s.price ->> 'product')::integer = last.product;
-- down: UPDATE shocks SET ends_due_at = NULL WHERE state = 'open' AND origin = 'price'.
