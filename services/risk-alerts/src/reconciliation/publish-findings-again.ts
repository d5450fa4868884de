/** Publishes the last alerts of some findings again, as they were: a receiver that has them ignores the repeat. */
import { alertTopicOf } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { storedFindingAlerts } from '../findings/finding-alerts.js';
import { findingMessages } from '../findings/finding-messages.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { lastSlices } from './last-slices.js';

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
