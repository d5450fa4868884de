/**
 * Applications whose policy version no process has any more: the last one was rolled on to another before it was done. They would run for
 * ever. Processes of a version say now and then that they are there; where none has for a while, those of another version let it lapse.
 */
import type { Tx } from '@fangpin/persistence';

/** So long a version may be away while its processes are restarted. */
const AWAY_MINUTES = 10;
/** Often enough to tell that somebody is there, and no write for each set of shocks. */
const SAY_EVERY_SECONDS = 30;

/** That a process of the version is there, to all of its applications that are not done. */
export async function sayThatItIsCarried(tx: Tx, version: string): Promise<void> {
  await tx.execute(
    `UPDATE policy_applications SET carried_at = clock_timestamp() WHERE application_id IN (
       SELECT application_id FROM policy_applications
       WHERE state = 'running' AND to_version = $1
         AND carried_at < clock_timestamp() - make_interval(secs => ${SAY_EVERY_SECONDS})
       FOR UPDATE SKIP LOCKED)`,
    [version],
  );
}

/** Ends those of versions that have been away; shocks that they have not judged are left as they were. Answers which. */
export async function letLapse(tx: Tx, version: string, now: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `UPDATE policy_applications SET state = 'lapsed', ended_at = $2 WHERE application_id IN (
       SELECT application_id FROM policy_applications
       WHERE state = 'running' AND to_version <> $1
         AND carried_at < clock_timestamp() - make_interval(mins => ${AWAY_MINUTES})
       FOR UPDATE SKIP LOCKED)
     RETURNING application_id AS id`,
    [version, now],
  );
  const lapsed = rows.map(({ id }) => id);
  if (lapsed.length > 0)
    await tx.execute(
      `UPDATE policy_application_shocks SET state = 'left', error = NULL, retry_at = NULL
       WHERE application_id = ANY($1::uuid[]) AND state IN ('waiting', 'parked')`,
      [lapsed],
    );
  return lapsed;
}
