/** Publishes the last alerts of some households again, as they were: a receiver that has them ignores the repeat. */
import { alertTopicOf } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { AlertBatches } from '../fan-out/alert-batches.js';
import { shockRevisionOf } from '../fan-out/alert-revision.js';
import type { AlertRow } from '../fan-out/alert-rows.js';
import { findFanOuts } from '../fan-out/fan-out.js';
import { PolicyVersions } from '../policy/policy-versions.js';

type LastRow = AlertRow & {
  readonly revision: number;
  readonly state: number;
  readonly storedAt: Date;
} & Record<string, unknown>;

@Injectable()
export class PublishAgain {
  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
  ) {}

  /** Stores the messages in the caller's transaction; answers how many alerts they hold. */
  async execute(tx: Tx, origin: number, householdIds: readonly number[]): Promise<number> {
    const rows = await tx.query<LastRow>(
      `SELECT DISTINCT ON (a.household_id) a.household_id AS "householdId", a.duty_code AS "dutyCode", a.persons, a.severity,
         a.loss_fen AS "lossFen", a.projected_fen AS "projectedFen", a.reasons, a.revision, a.state, s.stored_at AS "storedAt"
       FROM alerts a JOIN slices s USING (slice_no) WHERE a.origin = $1 AND a.household_id = ANY($2::bigint[])
       ORDER BY a.household_id, a.revision DESC`,
      [origin, householdIds],
    );
    for (const [shockRevision, ofRevision] of Map.groupBy(rows, (row) => shockRevisionOf(row.revision))) {
      const [fanOut] = await findFanOuts(tx, 'f.origin = $1 AND f.shock_revision = $2', [origin, shockRevision]);
      const [first] = ofRevision;
      if (fanOut === undefined || first === undefined) continue;
      // Deadlines count from when the alert was raised, not from when it is said again.
      const batches = new AlertBatches(fanOut, await this.policies.get(fanOut.policyVersion), first.storedAt);
      for (const row of ofRevision) batches.add(row, row.revision, row.state);
      await this.outbox.add(tx, alertTopicOf('bulk'), batches.finish());
    }
    return rows.length;
  }
}
