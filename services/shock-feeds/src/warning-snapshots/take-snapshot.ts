/** The use case behind `POST /v1/shocks/warning-snapshots`: a list in, what it changes out, all in one transaction. */
import { COUNTRY, InvalidValue, shanghaiDay } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet, underPolicy, type SnapshotHold } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Problem } from '../cap/cap-message.js';
import type { Received } from '../intake/received.js';
import { BelieveSnapshot } from './believe-snapshot.js';
import type { SnapshotCounts } from './diff-snapshots.rule.js';
import { holdBack } from './hold-back.rule.js';
import { readSnapshot } from './read-snapshot.js';
import { SnapshotStore, type TakenSnapshot } from './snapshot-store.js';
import type { Snapshot } from './snapshot.js';

export interface SnapshotAnswer extends SnapshotCounts {
  readonly heldBack: boolean;
  readonly problems: readonly Problem[];
}

const NOTHING: SnapshotCounts = { new: 0, kept: 0, replaced: 0, ended: 0 };
const MINUTE_MS = 60_000;
const compress = promisify(gzip);

@Injectable()
export class TakeSnapshot {
  constructor(
    private readonly database: Database,
    private readonly policy: PolicySet,
    private readonly lists: SnapshotStore,
    private readonly believe: BelieveSnapshot,
  ) {}

  /**
   * Refuses what is no list, and one from the future (400). The same time again is the same list: all of it is kept. One
   * list of a feed is taken after the other, whichever instance takes it.
   */
  async take(body: unknown, feed: string, received: Received): Promise<SnapshotAnswer> {
    const snapshot = readSnapshot(body);
    this.#refuseFuture(snapshot, received);
    // Compressed beside the transaction, which needs it last.
    const raw = compress(JSON.stringify(body));
    raw.catch(() => undefined);
    return this.database.transaction(cellScope('http:shocks'), async (tx) => {
      await this.lists.lock(tx, feed);
      const known = await this.lists.find(tx, feed, snapshot.updated);
      return known === undefined ? this.#takeNew(tx, snapshot, feed, received, raw) : again(known, snapshot);
    });
  }

  #refuseFuture({ updated }: Snapshot, received: Received): void {
    const minutes = this.#holdPolicy(received.at)?.aheadMinutes ?? 0;
    if (updated.getTime() > received.at.getTime() + minutes * MINUTE_MS)
      throw new InvalidValue(
        'updated',
        updated.toISOString(),
        `must not lie more than ${minutes} minutes in the future`,
      );
  }

  async #takeNew(
    tx: Tx,
    snapshot: Snapshot,
    feed: string,
    received: Received,
    raw: Promise<Buffer>,
  ): Promise<SnapshotAnswer> {
    const { updated, warnings, digest } = snapshot;
    const last = await this.lists.lastBelieved(tx, feed);
    const smallSince = last === undefined ? undefined : await this.lists.smallSince(tx, feed, last.updated);
    const hold = this.#holdPolicy(updated);
    const facts = { updated, members: warnings.length };
    const verdict = holdBack(facts, last, smallSince, hold);
    const taken =
      verdict.heldBack === undefined
        ? await this.believe.believe(tx, snapshot, feed, received)
        : { counts: NOTHING, problems: snapshot.problems };
    const problems = [...verdict.problems, ...taken.problems];
    const { counts } = taken;
    const heldBack = verdict.heldBack ?? null;
    await this.lists.add(tx, { feed, ...facts, digest, heldBack, counts, problems, received, raw: await raw });
    if (hold !== undefined && heldBack !== 'older') await this.lists.forgetRaw(tx, feed, updated, hold.keptDays);
    return { ...counts, heldBack: heldBack !== null, problems };
  }

  #holdPolicy(at: Date): SnapshotHold | undefined {
    return underPolicy(() => this.policy.get('snapshot-hold', COUNTRY, shanghaiDay(at)).value);
  }
}

/** The same time again: what was believed stands, and what was held back stays so. */
function again(known: TakenSnapshot, snapshot: Snapshot): SnapshotAnswer {
  const other: Problem[] = known.digest.equals(snapshot.digest)
    ? []
    : [{ code: 'SNAPSHOT.SAME_TIME_OTHER_CONTENT', text: '同一更新时间的清单内容不同，以先到者为准' }];
  const problems = [...known.problems, ...other];
  if (known.heldBack !== null) return { ...NOTHING, heldBack: true, problems };
  return { ...NOTHING, kept: snapshot.warnings.length, heldBack: false, problems };
}
