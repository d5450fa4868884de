-- A field or pen counts once, also between causes (docs/adr/0038-one-thing-is-lost-once.md). Joint alerts that stand are looked at again:
-- what they said too much eases as anything less does. Their explanations stay: the parts that a log keeps are judged as they were.
SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1000000000000000', true);
UPDATE joint_alerts SET due_at = now() WHERE state = 'raised' AND cardinality(causes) > 1 AND due_at IS NULL;
-- No down: a look changes nothing that is right.
