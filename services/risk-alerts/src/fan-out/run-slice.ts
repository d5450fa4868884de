/**
 * Runs one slice: its households stream out in order, the loss model turns each into a verdict, the alert revisions stream
 * back in, with the withheld ones, the slice's mark and its outbox row in one transaction under the shock's revision. Townships whose policy
 * lacks something to judge somebody by are kept back in a slice of their own, once all that can be judged has been.
 */
import { cellScope, copyInto, Database, type Tx } from '@fangpin/persistence';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox, type OutgoingMessage } from '@fangpin/messaging';
import { NoPolicy, type PolicySet } from '@fangpin/policy';
import { alertTopicOf } from '@fangpin/contracts';
import { CLOCK, ENV, epochOf, WRITER, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../exposure/exposure-sets.js';
import { streamExposed } from '../exposure/exposure-stream.js';
import { productsAtRisk } from '../loss/loss-model.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { AlertBatches } from './alert-batches.js';
import { alertRevision, nextLook } from './alert-revision.js';
import { ALERT_COPY_TARGET, alertRowOf, RAISED, writeAlertRow } from './alert-rows.js';
import { isCurrent } from './current-fan-out.js';
import { findFanOuts, type FanOut } from './fan-out.js';
import { SLICE_SOURCE, type SliceRef } from './slice-outbox-source.js';
import { keepBack } from './give-back.js';
import { markStored, supersede, type Slice } from './slices.js';
import { townshipOf } from './township.js';
import { TownshipModels } from './township-models.js';
import { alertedUnder } from './alerted-under.js';
import { withdrawOthers } from './withdraw-rows.js';
import { unjudgedTownships } from './withdrawal-slices.js';
import { WithheldByTownship } from './withheld.js';

/** What a slice has stored, and its townships in which it could not, each with the reason. */
interface Done {
  readonly stored: number;
  readonly lacking: ReadonlyMap<number, Error>;
}

/** What a slice that raises goes on with. */
interface Run {
  readonly policy: PolicySet;
  readonly batches: AlertBatches;
  /** Those that are full. */
  readonly messages: OutgoingMessage[];
  readonly signal: AbortSignal;
}

@Injectable()
export class RunSlice {
  constructor(
    private readonly database: Database,
    @Inject(WRITER) private readonly writer: Database,
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Answers the number of alert revisions stored; 0 where a newer revision of the shock has taken its place by now. Where the signal
   * aborts, its connections are cut and nothing is stored.
   */
  async execute(slice: Slice, claimant: string, signal: AbortSignal): Promise<number> {
    const scope = cellScope('job:slice', this.env.cellRegion);
    const key = [slice.origin, slice.shockRevision];
    const [fanOut] = await this.database.transaction(
      scope,
      (tx) => findFanOuts(tx, 'f.origin = $1 AND f.shock_revision = $2', key),
      undefined,
      signal,
    );
    if (fanOut === undefined) throw new Error(`slice ${slice.sliceNo} belongs to no fan-out`);
    const policy = await this.policies.get(fanOut.policyVersion);
    const work = async (tx: Tx): Promise<number> => {
      if (!(await isCurrent(tx, fanOut))) {
        await supersede(tx, slice.sliceNo);
        return 0;
      }
      const batches = new AlertBatches(fanOut, policy, this.clock.now());
      const messages: OutgoingMessage[] = [];
      const { stored, lacking } =
        slice.direction === 'raise'
          ? await this.raise(tx, slice, fanOut, { policy, batches, messages, signal })
          : await withdraw(tx, slice, fanOut, batches);
      const done = slice.townships.some((township) => !lacking.has(township));
      // Nothing of it could be raised: it goes back as a whole. One that withdraws waits until it can be, and has not failed.
      for (const missing of lacking.values()) if (slice.direction === 'raise' && stored === 0 && !done) throw missing;
      messages.push(...batches.finish());
      await markStored(tx, slice.sliceNo, claimant, stored);
      await keepBack(tx, slice, lacking);
      const ref: SliceRef = { sliceNo: slice.sliceNo, origin: slice.origin };
      const topic = alertTopicOf(fanOut.lane);
      if (messages.length > 0)
        await this.outbox.addReference(tx, { source: SLICE_SOURCE, ref: { ...ref }, topic, messages });
      else
        await tx.execute(`UPDATE slices SET state = 'published', published_at = now() WHERE slice_no = $1`, [
          slice.sliceNo,
        ]);
      return stored;
    };
    return this.writer.transaction(scope, work, undefined, signal);
  }

  private async raise(tx: Tx, slice: Slice, fanOut: FanOut, { policy, batches, messages, signal }: Run): Promise<Done> {
    const models = new TownshipModels(fanOut, policy);
    const withheld = new WithheldByTownship();
    const lacking = new Map<number, NoPolicy>();
    const epoch = await epochOf(tx);
    const first = alertRevision(fanOut.shockRevision, epoch);
    const key = { origin: fanOut.origin, revision: first, sliceNo: slice.sliceNo };
    const stored = await copyInto(tx.client, ALERT_COPY_TARGET, (rows, flush) => {
      const read = async (reading: Tx): Promise<void> => {
        const products = productsAtRisk(fanOut.shock, policy);
        const tables = await liveExposure(reading, 'read');
        // A household that moved from one slice's townships to another's while they ran stands in both: the first one keeps it.
        const before = slice.attempts > 1 ? await alertedUnder(reading, tables, slice) : undefined;
        await streamExposed(
          reading,
          tables,
          { shock: fanOut.shock, products },
          { townships: slice.townships },
          (household) => {
            const verdict = models.judge(household);
            if (verdict instanceof NoPolicy) return void lacking.set(townshipOf(household.dutyCode), verdict);
            if (verdict === undefined) return;
            const last = before?.get(household.householdId);
            if (last?.state === RAISED) return;
            if (verdict.withheld !== undefined) return withheld.add(household, verdict.withheld);
            const revision = last === undefined ? first : nextLook(fanOut.shockRevision, epoch, last.revision);
            writeAlertRow(rows, last === undefined ? key : { ...key, revision }, household, verdict);
            batches.add(alertRowOf(household, verdict), revision, RAISED);
          },
          async () => {
            messages.push(...batches.take());
            await flush();
          },
        );
      };
      return this.database.transaction(tx.scope, read, undefined, signal);
    });
    await withheld.store(tx, fanOut, slice.townships);
    return { stored, lacking };
  }
}

async function withdraw(tx: Tx, slice: Slice, fanOut: FanOut, batches: AlertBatches): Promise<Done> {
  // Asked for first: what is judged after this is withdrawn by the slice that is kept back.
  const lacking = await unjudgedTownships(tx, slice);
  if (lacking.size > 0 && lacking.size === slice.townships.length) return { stored: 0, lacking };
  return { stored: await withdrawOthers(tx, slice, fanOut, lacking.keys(), batches), lacking };
}
