import { topics } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import { ANY_OPEN } from '../fan-out/relook-requests.js';
import { exposureTables, otherSet, type ExposureTables } from './exposure-sets.js';

const LIVE_GROUP = 'risk-alerts';
const TOPICS = [topics.household.name, topics.assessment.name];

/**
 * Makes the rebuilt set the live one, when it has read at least as far as the live one; the live consumer goes on from where
 * the rebuild stands. Households that differ between the sets are looked at again. Answers false where the rebuild is
 * still behind.
 */
export async function swapExposure(
  tx: Tx,
  rebuildNo: number,
  rebuildGroup: string,
  shadow: ExposureTables,
): Promise<boolean> {
  // Progress rows first, the pointer second: the order in which the live consumer takes its locks.
  const [behind] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (
       SELECT topic, partition_no, next_offset FROM consumer_progress
       WHERE consumer = $1 AND topic = ANY($3) ORDER BY topic, partition_no FOR UPDATE) AS live
     LEFT JOIN consumer_progress r ON r.consumer = $2 AND r.topic = live.topic AND r.partition_no = live.partition_no
     WHERE coalesce(r.next_offset, 0) < live.next_offset`,
    [LIVE_GROUP, rebuildGroup, TOPICS],
  );
  if ((behind?.n ?? 0) > 0) return false;
  const swapped = await tx.execute(
    `UPDATE exposure_current SET live = $2, rebuild_state = 'swapped', swapped_at = now()
     WHERE rebuild_no = $1 AND rebuild_state = 'running'`,
    [rebuildNo, shadow.set],
  );
  if (swapped === 0) throw new Error(`rebuild ${rebuildNo} was overtaken`);
  await tx.execute(
    `INSERT INTO consumer_progress AS live (consumer, topic, partition_no, next_offset, cluster_id)
     SELECT $1, topic, partition_no, next_offset, cluster_id FROM consumer_progress WHERE consumer = $2
     ON CONFLICT (consumer, topic, partition_no) DO UPDATE SET
       next_offset = greatest(live.next_offset, excluded.next_offset), updated_at = now()`,
    [LIVE_GROUP, rebuildGroup],
  );
  await tx.execute('DELETE FROM consumer_progress WHERE consumer = $1', [rebuildGroup]);
  await relookAtDifferences(tx, shadow, exposureTables(otherSet(shadow.set)));
  return true;
}

async function relookAtDifferences(tx: Tx, now: ExposureTables, before: ExposureTables): Promise<void> {
  await tx.execute(
    `INSERT INTO relooks (household_id, duty_code)
     SELECT coalesce(n.household_id, b.household_id), coalesce(n.duty_code, b.duty_code)
     FROM ${now.households} n FULL JOIN ${before.households} b USING (household_id)
     WHERE (n.*) IS DISTINCT FROM (b.*) AND ${ANY_OPEN}
     ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp()`,
  );
}
