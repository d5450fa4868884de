/** Applications whose policy version no process has any more lapse; what they have not judged is left. */
import type { Tx } from '@fangpin/persistence';
import { letJobsLapse, sayThatVersionIsHere, type VersionHere } from '@fangpin/service-kit';

const TABLE = 'policy_applications';

/** That a process of the version is there, to all of its applications that are not done. */
export function sayThatItIsCarried(tx: Tx, version: string): Promise<void> {
  return sayThatVersionIsHere(tx, TABLE, version);
}

/** Ends those of versions that have been away; shocks that they have not judged are left as they were. Answers which. */
export async function letLapse(tx: Tx, here: VersionHere): Promise<string[]> {
  const lapsed = await letJobsLapse(tx, TABLE, here);
  if (lapsed.length > 0)
    await tx.execute(
      `UPDATE policy_application_shocks SET state = 'left', error = NULL, retry_at = NULL
       WHERE application_id = ANY($1::uuid[]) AND state IN ('waiting', 'parked')`,
      [lapsed],
    );
  return lapsed;
}
