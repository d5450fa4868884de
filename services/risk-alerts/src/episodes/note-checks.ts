import type { ChecksFound } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';

/**
 * Keeps what checks found until episodes look. Only adds rows, so that it waits for nobody. A joint alert feeds no episode: what was
 * found of its parts is said of each of them, but of losses that were held back: those it answers itself.
 */
export async function noteChecks(tx: Tx, found: ChecksFound): Promise<void> {
  const numbers = (values: readonly (bigint | number)[]): string => arrayLiteral(values.map(Number));
  await tx.execute(
    `INSERT INTO episode_checks (origin, household_id, duty_code, revision, alert_revision, answered_up_to)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[]) AS found (origin)
     WHERE NOT EXISTS (SELECT FROM origins o WHERE o.origin = found.origin AND o.joint_id IS NOT NULL)`,
    [
      numbers(found.origins),
      numbers(found.householdIds),
      numbers(found.dutyCodes),
      numbers(found.revisions),
      numbers(found.alertRevisions),
      numbers(found.answeredUpTo),
    ],
  );
  await tx.execute(
    `INSERT INTO held_back_looks (household_id, duty_code, joint_origin, answered_up_to)
     SELECT found.household_id, found.duty_code, found.origin, found.up_to
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[]) AS found (origin, household_id, duty_code, up_to)
     WHERE EXISTS (SELECT FROM origins o WHERE o.origin = found.origin AND o.joint_id IS NOT NULL)`,
    [numbers(found.origins), numbers(found.householdIds), numbers(found.dutyCodes), numbers(found.answeredUpTo)],
  );
}
