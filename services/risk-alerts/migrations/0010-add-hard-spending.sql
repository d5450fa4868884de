-- Hard spending after refunds stands beside income (rulebook §2.5); in alerts it is kept among the inputs, where there is any.
ALTER TABLE exposure_a ADD COLUMN spending_fen bigint;
ALTER TABLE exposure_b ADD COLUMN spending_fen bigint;
COMMENT ON COLUMN exposure_a.spending_fen IS 'Paid by the household itself over the twelve months of its assessment, less insurance money, fen; null where not known';
COMMENT ON COLUMN alerts.inputs IS
  'What is touched, flat: product, quantity, place code, …; codes from 400 are the house (by grade), the water and the hard spending (fen) of the household';
-- down: ALTER TABLE exposure_a DROP COLUMN spending_fen; ALTER TABLE exposure_b DROP COLUMN spending_fen;
