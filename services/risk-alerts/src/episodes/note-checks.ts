import type { ChecksFound } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';

/** Keeps what checks found until episodes look. Only adds rows, so that it waits for nobody. */
export async function noteChecks(tx: Tx, found: ChecksFound): Promise<void> {
  const numbers = (values: readonly (bigint | number)[]): string => arrayLiteral(values.map(Number));
  await tx.execute(
    `INSERT INTO episode_checks (origin, household_id, duty_code, revision, alert_revision, answered_up_to)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[])`,
    [
      numbers(found.origins),
      numbers(found.householdIds),
      numbers(found.dutyCodes),
      numbers(found.revisions),
      numbers(found.alertRevisions),
      numbers(found.answeredUpTo),
    ],
  );
}
