-- What a household paid itself and what insurance paid it, beside the figure and never in it (rulebook §2.5). Earlier
-- revisions said nothing of it; the next assessment of a household does.
ALTER TABLE assessments
  ADD COLUMN out_of_pocket_fen bigint NOT NULL DEFAULT 0,
  ADD COLUMN insurance_payout_fen bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN assessments.out_of_pocket_fen IS 'Compliant spending of the window paid by the household itself (合规自付支出), fen';
COMMENT ON COLUMN assessments.insurance_payout_fen IS 'Insurance money received in the window (家庭理赔收入), fen';
-- down: ALTER TABLE assessments DROP COLUMN out_of_pocket_fen, DROP COLUMN insurance_payout_fen;
