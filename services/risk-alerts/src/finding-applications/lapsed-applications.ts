/** Applications whose policy version no process has any more lapse, and say so. */
import type { Tx } from '@fangpin/persistence';
import { letJobsLapse, sayThatVersionIsHere, type VersionHere } from '@fangpin/service-kit';

const TABLE = 'finding_applications';

/** That a process of the version is there, to all of its applications that are not done. */
export function sayThatItIsCarried(tx: Tx, version: string): Promise<void> {
  return sayThatVersionIsHere(tx, TABLE, version);
}

/** Ends those of versions that have been away; findings that they have not judged stay as they were. Answers which. */
export async function letLapse(tx: Tx, here: VersionHere): Promise<string[]> {
  const lapsed = await letJobsLapse(tx, TABLE, here);
  if (lapsed.length > 0)
    await tx.execute(
      `UPDATE ${TABLE} SET last_error = 'no process has policy ' || to_version || ' any more' WHERE application_id = ANY($1::uuid[])`,
      [lapsed],
    );
  return lapsed;
}
