/** What a joint alert adds up, as it was when the revision was raised. */
import type { Tx } from '@fangpin/persistence';
import type { AlertEntity } from '../alerts/alert.entity.js';
import type { StandingAlert } from '../episodes/joint-risk.rule.js';

export interface JointBehindAlert {
  readonly parts: readonly StandingAlert[];
  readonly judgedOn: string;
}

/** Undefined for an alert that a shock or a finding has raised. */
export async function jointBehind(
  tx: Tx,
  { origin, householdId, revision }: Pick<AlertEntity, 'origin' | 'householdId' | 'revision'>,
): Promise<(JointBehindAlert & { readonly policyVersion: string }) | undefined> {
  const [row] = await tx.query<JointBehindAlert & { policyVersion: string } & Record<string, unknown>>(
    `SELECT policy_version AS "policyVersion", judged_on::text AS "judgedOn", parts FROM joint_alert_log
     WHERE origin = $1 AND household_id = $2 AND revision = $3`,
    [origin, householdId, revision],
  );
  return row;
}
