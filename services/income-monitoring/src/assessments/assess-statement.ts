/**
 * Assesses any number of households in one statement and stores a revision of those whose figure is new. The rules are
 * those of ledger/figure.rule.ts, said in SQL because a month turns for all households at once; a test on random ledgers
 * holds the two together.
 *
 * A household that is followed and has income in the window gets the figure of the window. One that is not followed any
 * more, or whose ledger is silent in the window, keeps its last figures (with `closed` as it now is); one without any gets
 * none. Parameters: $1 household ids, $2 and $3 first and last month of the window, $4 batch, $5 time of the assessment.
 */
export const assessStatement = `
WITH wanted AS MATERIALIZED (
  SELECT household_id, duty_code, persons, state = 'active' AND persons > 0 AS followed
  FROM households WHERE household_id = ANY($1::bigint[])
), latest AS MATERIALIZED (
  SELECT a.* FROM wanted w CROSS JOIN LATERAL (
    SELECT * FROM assessments WHERE household_id = w.household_id ORDER BY revision DESC LIMIT 1) a
), summed AS MATERIALIZED (
  SELECT w.household_id, w.duty_code, w.persons, s.* FROM wanted w CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind IN ('wage', 'business', 'property', 'transfer')) > 0 AS known,
      coalesce(sum(fen) FILTER (WHERE kind = 'wage'), 0)::bigint AS wage_fen,
      coalesce(sum(fen) FILTER (WHERE kind = 'business'), 0)::bigint AS business_fen,
      coalesce(sum(fen) FILTER (WHERE kind = 'property'), 0)::bigint AS property_fen,
      coalesce(sum(fen) FILTER (WHERE kind = 'transfer'), 0)::bigint AS transfer_fen,
      coalesce(sum(fen) FILTER (WHERE kind = 'cost'), 0)::bigint AS production_cost_fen,
      coalesce(sum(fen) FILTER (WHERE kind = 'out-of-pocket'), 0)::bigint AS out_of_pocket_fen,
      coalesce(sum(fen) FILTER (WHERE kind = 'insurance-payout'), 0)::bigint AS insurance_payout_fen
    FROM (
      SELECT kind, month_share(amount_fen, from_month, to_month, $2::int, $3::int) AS fen
      FROM income_entries
      WHERE household_id = w.household_id AND from_month <= $3 AND to_month >= $2
        AND kind IN ('wage', 'business', 'property', 'transfer', 'cost', 'out-of-pocket', 'insurance-payout')) shares) s
  WHERE w.followed
), renewed AS (
  SELECT household_id, duty_code, $2::int AS window_from, $3::int AS window_to, persons,
    wage_fen, business_fen, property_fen, transfer_fen, production_cost_fen,
    per_head(wage_fen + business_fen + property_fen + transfer_fen - production_cost_fen, persons) AS per_capita_fen,
    out_of_pocket_fen, insurance_payout_fen, false AS closed
  FROM summed WHERE known
), kept AS (
  SELECT w.household_id, w.duty_code, l.window_from, l.window_to, l.persons,
    l.wage_fen, l.business_fen, l.property_fen, l.transfer_fen, l.production_cost_fen, l.per_capita_fen,
    l.out_of_pocket_fen, l.insurance_payout_fen, NOT w.followed AS closed
  FROM wanted w JOIN latest l USING (household_id)
  WHERE NOT EXISTS (SELECT FROM renewed r WHERE r.household_id = w.household_id)
)
INSERT INTO assessments (household_id, revision, duty_code, window_from, window_to, persons,
  wage_fen, business_fen, property_fen, transfer_fen, production_cost_fen, per_capita_fen, out_of_pocket_fen,
  insurance_payout_fen, closed, batch_id, assessed_at)
SELECT s.household_id, next_revision(l.revision), s.duty_code, s.window_from, s.window_to, s.persons,
  s.wage_fen, s.business_fen, s.property_fen, s.transfer_fen, s.production_cost_fen, s.per_capita_fen, s.out_of_pocket_fen,
  s.insurance_payout_fen, s.closed, $4, $5
FROM (SELECT * FROM renewed UNION ALL SELECT * FROM kept) s LEFT JOIN latest l USING (household_id)
WHERE (s.duty_code, s.window_from, s.window_to, s.persons, s.wage_fen, s.business_fen, s.property_fen, s.transfer_fen,
       s.production_cost_fen, s.out_of_pocket_fen, s.insurance_payout_fen, s.closed)
  IS DISTINCT FROM
      (l.duty_code, l.window_from, l.window_to, l.persons, l.wage_fen, l.business_fen, l.property_fen, l.transfer_fen,
       l.production_cost_fen, l.out_of_pocket_fen, l.insurance_payout_fen, l.closed)
ORDER BY s.household_id
RETURNING household_id, revision, duty_code, window_from, window_to, persons, wage_fen, business_fen, property_fen,
  transfer_fen, production_cost_fen, per_capita_fen, out_of_pocket_fen, insurance_payout_fen, closed, assessed_at`;
