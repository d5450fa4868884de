-- A sheet may come again behind another one: it is a new word then, and no longer the same batch. That it is not taken twice in a row
-- is seen to under a lock (src/batches/receive-batch.ts).
DROP INDEX batches_of_same_content;
CREATE INDEX batches_by_sender ON batches (department, area_lo, area_hi, received_at DESC, batch_id DESC) WHERE state <> 'receiving';
-- down: DROP INDEX batches_by_sender; CREATE UNIQUE INDEX batches_of_same_content ON batches (department, area_lo, area_hi, digest) WHERE state NOT IN ('withdrawing', 'withdrawn');
