-- Every single finding is a slice: the stuck ones are looked for every ten seconds among hundreds of thousands that are done.
CREATE INDEX slices_unfinished ON slices (slice_no) WHERE state IN ('waiting', 'claimed', 'stored');
-- down: DROP INDEX slices_unfinished;
