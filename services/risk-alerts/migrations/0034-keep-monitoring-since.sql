-- Since when the monitoring status holds: a risk that was removed recently lifts severity, one that was removed years ago does not.
ALTER TABLE exposure_a ADD COLUMN monitoring_since date;
ALTER TABLE exposure_b ADD COLUMN monitoring_since date;
COMMENT ON COLUMN exposure_a.monitoring_since IS
  'Day since when monitoring is what it is; null where the register does not say, or said the household before it could';

-- As in 0030, with the day (days since 1970) behind all that was there: an instance that does not know of it yet reads what it read.
CREATE FUNCTION packed_exposure(
  household_id bigint, duty_code bigint, persons integer, per_capita_fen bigint, labourers integer, severely_disabled integer,
  monitoring smallint, dwelling smallint, only_dwelling boolean, spending_fen bigint, livelihoods bigint[],
  monitoring_since date
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT int8send(household_id) || int8send(duty_code) || int4send(persons)
    || int8send(coalesce(per_capita_fen, -9223372036854775808)) || int4send(labourers) || int4send(severely_disabled)
    || int2send(monitoring) || int2send(dwelling) || boolsend(only_dwelling)
    || int8send(coalesce(spending_fen, -9223372036854775808)) || array_send(livelihoods)
    || int8send(coalesce(monitoring_since - DATE '1970-01-01', -9223372036854775808))
$$;
COMMENT ON FUNCTION packed_exposure(bigint, bigint, integer, bigint, integer, integer, smallint, smallint, boolean, bigint, bigint[], date) IS
  'Columns one behind the other as binary COPY has them, without their lengths; the lowest bigint is null. Read by src/exposure/exposure-row.ts';
ALTER TABLE exposure_a ALTER COLUMN packed SET EXPRESSION AS (packed_exposure(household_id, duty_code, persons,
  per_capita_fen, labourers, severely_disabled, monitoring, dwelling, only_dwelling, spending_fen, livelihoods, monitoring_since));
ALTER TABLE exposure_b ALTER COLUMN packed SET EXPRESSION AS (packed_exposure(household_id, duty_code, persons,
  per_capita_fen, labourers, severely_disabled, monitoring, dwelling, only_dwelling, spending_fen, livelihoods, monitoring_since));
DROP FUNCTION packed_exposure(bigint, bigint, integer, bigint, integer, integer, smallint, smallint, boolean, bigint, bigint[]);
COMMENT ON COLUMN alerts.inputs IS
  'What was touched, flat: product (or house, water), quantity, place code, …; behind them, each where there is any, hard spending and the day of the risk removal (loss/things.ts)';
-- down: the function and the expressions of 0030; ALTER TABLE exposure_a DROP COLUMN monitoring_since; ALTER TABLE exposure_b DROP COLUMN monitoring_since;
