-- Whether the person is a main earner by the register, beside what the sender says (of_earner is either): once the person has left the
-- household the register says nothing any more, and its word holds while the sender's may still be corrected (docs/adr/0049).
ALTER TABLE findings ADD COLUMN main_earner boolean;
COMMENT ON COLUMN findings.main_earner IS 'Of the person by the register, when the finding was matched or stated last; null where it does not say';
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
-- Who said so of those that are here is known where the person is in the household still; of others the register may have.
UPDATE findings f SET main_earner = true
 WHERE of_earner AND household_id IS NOT NULL AND id_hash IS NOT NULL
   AND NOT EXISTS (SELECT FROM people p
                    WHERE p.id_hash = f.id_hash AND p.household_id = f.household_id AND p.main_earner IS NOT TRUE);
-- down: ALTER TABLE findings DROP COLUMN main_earner;
