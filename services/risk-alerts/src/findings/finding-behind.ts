/** The finding behind an alert revision, as it was then. */
import type { Tx } from '@fangpin/persistence';
import type { AlertEntity } from '../alerts/alert.entity.js';
import type { FindingBehindAlert } from './explain-finding.js';
import { storedFinding } from './noted-finding.js';

/** Undefined for an alert that a shock has raised. */
export async function findingBehind(
  tx: Tx,
  { origin, householdId, revision }: Pick<AlertEntity, 'origin' | 'householdId' | 'revision'>,
): Promise<(FindingBehindAlert & { readonly policyVersion: string }) | undefined> {
  const [row] = await tx.query<{
    policy_version: string;
    watched: boolean;
    only_dwelling: boolean;
    finding: Buffer;
  }>(
    `SELECT policy_version, watched, only_dwelling, finding FROM finding_alert_log
     WHERE origin = $1 AND household_id = $2 AND revision = $3`,
    [origin, householdId, revision],
  );
  if (row === undefined) return undefined;
  return {
    facts: storedFinding(row.finding).facts,
    watched: row.watched,
    onlyDwelling: row.only_dwelling,
    policyVersion: row.policy_version,
  };
}
