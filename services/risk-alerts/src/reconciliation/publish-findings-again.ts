/** Publishes the last alerts of some findings again, as they were: a receiver that has them ignores the repeat. */
import { alertTopicOf } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { storedFindingAlerts } from '../findings/finding-alerts.js';
import { findingMessages } from '../findings/finding-messages.js';
import { PolicyVersions } from '../policy/policy-versions.js';

interface LastSlice extends Record<string, unknown> {
  readonly slice_no: number;
  readonly stored_at: Date;
  readonly origins: number[];
}

@Injectable()
export class PublishFindingsAgain {
  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
  ) {}

  /** Stores the messages in the caller's transaction; answers how many alerts they hold. */
  async execute(tx: Tx, origins: readonly number[]): Promise<number> {
    const topic = alertTopicOf('bulk');
    let published = 0;
    for (const { slice_no, stored_at, origins: ofSlice } of await lastSlices(tx, origins)) {
      const alerts = await storedFindingAlerts(tx, slice_no, ofSlice);
      // Deadlines count from when the alert was raised, not from when it is said again.
      await this.outbox.add(tx, topic, await findingMessages(alerts, topic, this.policies, stored_at));
      published += alerts.length;
    }
    return published;
  }
}

/** The slices that hold the last alert of each household under these origins, with those origins. */
function lastSlices(tx: Tx, origins: readonly number[]): Promise<LastSlice[]> {
  return tx.query<LastSlice>(
    `WITH last AS MATERIALIZED (
       SELECT DISTINCT o.origin, a.slice_no
       FROM unnest($1::bigint[]) AS o (origin)
         CROSS JOIN LATERAL (
           SELECT DISTINCT ON (household_id) slice_no FROM alerts WHERE origin = o.origin
           ORDER BY household_id, revision DESC OFFSET 0) AS a
     )
     SELECT l.slice_no, s.stored_at, array_agg(l.origin ORDER BY l.origin) AS origins
     FROM last l CROSS JOIN LATERAL (SELECT stored_at FROM slices WHERE slice_no = l.slice_no OFFSET 0) AS s
     GROUP BY l.slice_no, s.stored_at ORDER BY l.slice_no`,
    [arrayLiteral(origins)],
  );
}
