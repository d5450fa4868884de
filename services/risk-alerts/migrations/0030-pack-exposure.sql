-- What a fan-out reads of a household, laid out once when the row is written: one column to send instead of eleven and an array
-- of a dozen numbers, for every household of every shock. The columns stay what everything else reads and writes.
CREATE FUNCTION packed_exposure(
  household_id bigint, duty_code bigint, persons integer, per_capita_fen bigint, labourers integer, severely_disabled integer,
  monitoring smallint, dwelling smallint, only_dwelling boolean, spending_fen bigint, livelihoods bigint[]
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT int8send(household_id) || int8send(duty_code) || int4send(persons)
    || int8send(coalesce(per_capita_fen, -9223372036854775808)) || int4send(labourers) || int4send(severely_disabled)
    || int2send(monitoring) || int2send(dwelling) || boolsend(only_dwelling)
    || int8send(coalesce(spending_fen, -9223372036854775808)) || array_send(livelihoods)
$$;
COMMENT ON FUNCTION packed_exposure IS
  'Columns one behind the other as binary COPY has them, without their lengths; the lowest bigint is null. Read by src/exposure/exposure-row.ts';
ALTER TABLE exposure_a ADD COLUMN packed bytea GENERATED ALWAYS AS (packed_exposure(household_id, duty_code, persons,
  per_capita_fen, labourers, severely_disabled, monitoring, dwelling, only_dwelling, spending_fen, livelihoods)) STORED;
ALTER TABLE exposure_b ADD COLUMN packed bytea GENERATED ALWAYS AS (packed_exposure(household_id, duty_code, persons,
  per_capita_fen, labourers, severely_disabled, monitoring, dwelling, only_dwelling, spending_fen, livelihoods)) STORED;
-- A hundred bytes or two gain nothing from being compressed.
ALTER TABLE exposure_a ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE exposure_b ALTER COLUMN packed SET STORAGE EXTERNAL;
COMMENT ON COLUMN exposure_a.packed IS 'What a fan-out reads of the row (packed_exposure)';
-- down: ALTER TABLE exposure_a DROP COLUMN packed; ALTER TABLE exposure_b DROP COLUMN packed; DROP FUNCTION packed_exposure;
