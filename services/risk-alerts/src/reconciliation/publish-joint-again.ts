/** Publishes the last revisions of some joint alerts again, as they were: a receiver that has them ignores the repeat. */
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { JOINT_TOPIC, jointMessages, storedJointAlerts } from '../joint/joint-messages.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { lastSlices } from './last-slices.js';

@Injectable()
export class PublishJointAgain {
  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
  ) {}

  /** Stores the messages in the caller's transaction; answers how many alerts they hold. */
  async execute(tx: Tx, origins: readonly number[]): Promise<number> {
    let published = 0;
    for (const slice of await lastSlices(tx, origins)) {
      const alerts = await storedJointAlerts(tx, slice);
      // Deadlines count from when the alert was raised, not from when it is said again.
      await this.outbox.add(tx, JOINT_TOPIC, await jointMessages(alerts, this.policies, slice.stored_at));
      published += alerts.length;
    }
    return published;
  }
}
