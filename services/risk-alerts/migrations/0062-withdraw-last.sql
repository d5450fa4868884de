-- Whom a later revision no longer touches is told after everybody that it raises, in slices by household and not by township
-- (docs/adr/0061-a-withdrawal-comes-last.md).
ALTER TABLE slices ADD COLUMN household_after bigint, ADD COLUMN household_up_to bigint;
COMMENT ON COLUMN slices.household_after IS 'Of a slice that withdraws: it looks at the households above this id; null: from the first';
COMMENT ON COLUMN slices.household_up_to IS '… and up to this one; null: to the last';
COMMENT ON COLUMN slices.lease_until IS 'Nobody else takes it before; infinity: it waits for what its fan-out has to raise';
-- Fan-outs that are under way were planned without such slices.
INSERT INTO slices (origin, shock_revision, direction, townships, lane, state, lease_until)
SELECT f.origin, f.shock_revision, 'withdraw', array_agg(DISTINCT t.township ORDER BY t.township), f.lane, 'waiting', 'infinity'
FROM fan_outs f JOIN slices s USING (origin, shock_revision) CROSS JOIN LATERAL unnest(s.townships) AS t (township)
WHERE f.state = 'running' AND f.direction = 'raise'
  AND EXISTS (SELECT FROM slices w WHERE w.origin = f.origin AND w.shock_revision = f.shock_revision
    AND w.direction = 'raise' AND w.state IN ('waiting', 'claimed'))
  AND EXISTS (SELECT FROM slices e WHERE e.origin = f.origin AND e.shock_revision < f.shock_revision
    AND e.state IN ('stored', 'published'))
GROUP BY f.origin, f.shock_revision, f.lane;
-- down: ALTER TABLE slices DROP COLUMN household_after, DROP COLUMN household_up_to;
