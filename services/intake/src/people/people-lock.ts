import type { Tx } from '@fangpin/persistence';

/**
 * Who learns of people holds this alone; who matches them shares it (hold_findings, 0007), each as its transaction's first lock. Without
 * it a finding and the person it is of could be stored at the same moment, each before the other is seen, and never meet.
 */
export async function holdPeopleAlone(tx: Tx): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('intake-people'))");
}
