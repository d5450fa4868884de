/**
 * Applications whose policy version no process has any more: the last one was rolled on to another before it was done. They would run for
 * ever. Processes of a version say now and then that they are there; where none has for a while, those of another version let it lapse.
 */
import type { Tx } from '@fangpin/persistence';

/** So long a version may be away while its processes are restarted. */
const AWAY_MINUTES = 10;
/** Often enough to tell that somebody is there, and no write for each set of findings. */
const SAY_EVERY_SECONDS = 30;

/** That a process of the version is there, to all of its applications that are not done. */
export async function sayThatItIsCarried(tx: Tx, version: string): Promise<void> {
  await tx.execute(
    `UPDATE finding_applications SET carried_at = clock_timestamp() WHERE application_id IN (
       SELECT application_id FROM finding_applications
       WHERE state = 'running' AND to_version = $1
         AND carried_at < clock_timestamp() - make_interval(secs => ${SAY_EVERY_SECONDS})
       FOR UPDATE SKIP LOCKED)`,
    [version],
  );
}

/** Ends those of versions that have been away; what they have not judged stays as it was. Answers which. */
export async function letLapse(tx: Tx, version: string, now: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `UPDATE finding_applications SET state = 'lapsed', ended_at = $2, last_error = 'no process has policy ' || to_version || ' any more'
     WHERE application_id IN (
       SELECT application_id FROM finding_applications
       WHERE state = 'running' AND to_version <> $1
         AND carried_at < clock_timestamp() - make_interval(mins => ${AWAY_MINUTES})
       FOR UPDATE SKIP LOCKED)
     RETURNING application_id AS id`,
    [version, now],
  );
  return rows.map(({ id }) => id);
}
