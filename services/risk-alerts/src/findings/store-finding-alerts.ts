/** Stores alert revisions of findings in slices of some hundred, each with its outbox row; findings of a batch go on the bulk lane. */
import { alertTopicOf, type AlertLane } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { arrayLiteral, prepared, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { townshipOf } from '../fan-out/township.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { insertRaised, insertWithdrawn, type RaisedFinding, type WithdrawnFinding } from './insert-finding-alerts.js';
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

/** What one slice holds. */
interface Stored {
  readonly raised: readonly RaisedFinding[];
  readonly withdrawn: readonly WithdrawnFinding[];
}

const INSERT_SLICE = prepared(
  `WITH stored AS (
     INSERT INTO origins (origin, finding_id, cause) SELECT * FROM unnest($6::bigint[], $7::uuid[], $8::text[])
     ON CONFLICT (finding_id, cause) DO NOTHING
   )
   INSERT INTO slices (direction, lane, origins, townships, state, alerted, stored_at)
   VALUES ('findings', $5, $1, $2, 'stored', $3, $4) RETURNING slice_no`,
);

@Injectable()
export class StoreFindingAlerts {
  constructor(
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In the caller's transaction; `policy` is the one that the raised ones were judged by. */
  async execute(tx: Tx, changes: readonly FindingChange[], policy: PolicySet): Promise<void> {
    const lanes = Map.groupBy(changes, ({ finding }) => laneOf(finding));
    for (const [lane, ofLane] of lanes)
      for (let from = 0; from < ofLane.length; from += FINDINGS_A_SLICE)
        await this.store(tx, lane, ofLane.slice(from, from + FINDINGS_A_SLICE), policy);
  }

  private async store(tx: Tx, lane: AlertLane, changes: readonly FindingChange[], policy: PolicySet): Promise<void> {
    const now = this.clock.now();
    const raised = changes.flatMap((change) => change.raised ?? []);
    const withdrawn = changes.flatMap((change) => change.withdrawn);
    const sliceNo = await insertSlice(tx, lane, { raised, withdrawn }, now);
    const alerts = [
      ...(await insertWithdrawn(tx, sliceNo, withdrawn)),
      ...(await insertRaised(tx, sliceNo, raised, policy.version)),
    ];
    const topic = alertTopicOf(lane);
    const messages = await findingMessages(alerts, topic, this.policies, now);
    await this.outbox.addReference(tx, { source: FINDING_SOURCE, ref: { sliceNo, lane }, topic, messages });
  }
}

/** Nobody waits for a single one of the findings that come by the thousand. */
function laneOf({ batchId }: NotedFinding): AlertLane {
  return batchId === '' ? 'live' : 'bulk';
}

/** Stores the origins with the slice that needs them first; refuses one that stands for something else already: ids made of it would clash. */
async function insertSlice(tx: Tx, lane: AlertLane, { raised, withdrawn }: Stored, now: Date): Promise<number> {
  const townships = [
    ...raised.map(({ household }) => townshipOf(household.dutyCode)),
    ...withdrawn.map(({ alert }) => townshipOf(alert.dutyCode)),
  ];
  const origins = [...raised.map(({ finding }) => finding.origin), ...withdrawn.map(({ alert }) => alert.origin)];
  const [row] = await tx.query<{ slice_no: number }>(INSERT_SLICE, [
    arrayLiteral([...new Set(origins)]),
    arrayLiteral([...new Set(townships)]),
    origins.length,
    now,
    lane,
    arrayLiteral(raised.map(({ finding }) => finding.origin)),
    raised.map(({ finding }) => finding.facts.findingId),
    raised.map(({ finding }) => finding.facts.kind.cause),
  ]);
  return (row as { slice_no: number }).slice_no;
}
