import type { AnswersTallied } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';

/** Notes a reply of assistance-cases beside its question; one to a question that is settled changes nothing. */
export async function takeReply(tx: Tx, tallied: AnswersTallied): Promise<void> {
  await tx.execute(
    `UPDATE reconciliation_tallies SET their_households = $4, their_hash = $5,
       agreed_at_once = CASE WHEN round = 1 THEN $6 ELSE agreed_at_once END
     WHERE reconciliation_no = $1 AND origin = $2 AND duty_code = $3 AND state = 'asked'`,
    [
      Number(tallied.reconciliation),
      Number(tallied.origin),
      Number(tallied.township) * TOWNSHIP_SPAN,
      tallied.households,
      tallied.hash,
      tallied.agreed,
    ],
  );
}
