/** Stores alert revisions of findings in slices of some hundred, each with its outbox row; findings of a batch go on the bulk lane. */
import { alertTopicOf, type AlertLane } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import {
  insertSlice,
  insertWithdrawn,
  raisedAlerts,
  type RaisedFinding,
  type WithdrawnFinding,
} from './insert-finding-alerts.js';
import { findingMessages } from './finding-messages.js';
import { FINDING_SOURCE } from './finding-outbox-source.js';
import type { NotedFinding } from './noted-finding.js';

/** More in one slice saves nothing, and a send stays small. */
const FINDINGS_A_SLICE = 500;

/** What one finding changes. */
export interface FindingChange {
  readonly finding: NotedFinding;
  readonly raised?: RaisedFinding | undefined;
  readonly withdrawn: readonly WithdrawnFinding[];
}

@Injectable()
export class StoreFindingAlerts {
  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In the caller's transaction; `policy` is the one that the raised ones were judged by. Each goes on the lane that it came by where none is given. */
  async execute(
    tx: Tx,
    changes: readonly FindingChange[],
    policy: PolicySet,
    { backwards, lane }: { readonly backwards: boolean; readonly lane?: AlertLane | undefined },
  ): Promise<void> {
    const lanes = Map.groupBy(changes, ({ finding }) => lane ?? laneOf(finding));
    for (const [taken, ofLane] of lanes)
      for (let from = 0; from < ofLane.length; from += FINDINGS_A_SLICE)
        await this.store(tx, { lane: taken, policy, backwards }, ofLane.slice(from, from + FINDINGS_A_SLICE));
  }

  private async store(
    tx: Tx,
    { lane, policy, backwards }: { readonly lane: AlertLane; readonly policy: PolicySet; readonly backwards: boolean },
    changes: readonly FindingChange[],
  ): Promise<void> {
    const now = this.clock.now();
    const raised = changes.flatMap((change) => change.raised ?? []);
    const withdrawn = changes.flatMap((change) => change.withdrawn);
    const slice = { lane, raised, withdrawn, policyVersion: policy.version, backwards, storedAt: now };
    const sliceNo = await insertSlice(tx, slice);
    const alerts = [...(await insertWithdrawn(tx, sliceNo, withdrawn)), ...raisedAlerts(slice)];
    const topic = alertTopicOf(lane);
    const messages = await findingMessages(alerts, topic, this.policies, now);
    await this.outbox.addReference(tx, { source: FINDING_SOURCE, ref: { sliceNo, lane }, topic, messages });
  }
}

/** Nobody waits for a single one of the findings that come by the thousand. */
function laneOf({ batchId }: NotedFinding): AlertLane {
  return batchId === '' ? 'live' : 'bulk';
}
