/** The use case behind `POST /v1/shocks/warning-snapshots`: a list in, what it changes out, all in one transaction. */
import { COUNTRY, InvalidValue, shanghaiDay } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet, type SnapshotHold } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Problem } from '../cap/cap-message.js';
import { digestOf, dueByClock, judgedAt, type Received } from '../intake/received.js';
import { TakeStatements, type StatementInHand } from '../intake/take-statements.js';
import { diffSnapshots, type Counted, type SnapshotCounts } from './diff-snapshots.rule.js';
import { followGone, followListed, type Followed, type Said } from './follow-warnings.rule.js';
import { holdBack } from './hold-back.rule.js';
import { underPolicy } from './judge-warning.rule.js';
import { listProblems, type JudgedMember } from './list-problems.js';
import { readSnapshot } from './read-snapshot.js';
import { SnapshotStore, type TakenSnapshot } from './snapshot-store.js';
import { identityOf, type ListedWarning, type Snapshot } from './snapshot.js';
import { WarningsInForce, type InForceRow } from './warnings-in-force.js';

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
    private readonly statements: TakeStatements,
    private readonly lists: SnapshotStore,
    private readonly inForce: WarningsInForce,
  ) {}

  /**
   * Refuses what is no list, and one from the future (400). The same time again is the same list: all of it is kept. One
   * list of a feed is taken after the other, whichever instance takes it.
   */
  async take(body: unknown, feed: string, received: Received): Promise<SnapshotAnswer> {
    const snapshot = readSnapshot(body);
    this.#refuseFuture(snapshot, received);
    const raw = await compress(JSON.stringify(body));
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

  async #takeNew(tx: Tx, snapshot: Snapshot, feed: string, received: Received, raw: Buffer): Promise<SnapshotAnswer> {
    const { updated, warnings, digest } = snapshot;
    const last = await this.lists.lastBelieved(tx, feed);
    const smallSince = last === undefined ? undefined : await this.lists.smallSince(tx, feed, last.updated);
    const hold = this.#holdPolicy(updated);
    const facts = { updated, members: warnings.length };
    const verdict = holdBack(facts, last, smallSince, hold);
    const taken =
      verdict.heldBack === undefined
        ? await this.#believe(tx, snapshot, feed, received)
        : { counts: NOTHING, problems: snapshot.problems };
    const problems = [...verdict.problems, ...taken.problems];
    const { counts } = taken;
    const heldBack = verdict.heldBack ?? null;
    await this.lists.add(tx, { feed, ...facts, digest, heldBack, counts, problems, received, raw });
    if (hold !== undefined && heldBack !== 'older') await this.lists.forgetRaw(tx, feed, updated, hold.keptDays);
    return { ...counts, heldBack: heldBack !== null, problems };
  }

  async #believe(tx: Tx, snapshot: Snapshot, feed: string, received: Received) {
    const { updated, warnings } = snapshot;
    const receivedAt = judgedAt(received);
    const before = await this.inForce.read(tx, feed, warnings);
    const { appeared, stayed, gone, ...counts } = diffSnapshots(countedInForce(before), warnings.map(counted));
    const context = { feed, policy: this.policy, updated, receivedAt, replayed: received.asOf !== undefined };
    const listed = membersByIdentity(warnings);
    const followed = [
      ...[...appeared, ...stayed].map((identity) =>
        followListed(listed.get(identity) ?? [], before.get(identity), context),
      ),
      ...gone.flatMap((identity) => {
        const row = before.get(identity);
        return row === undefined ? [] : [followGone(row, context)];
      }),
    ];
    const shockIds = await this.#say(tx, followed, received);
    const rows = followed.map(({ next }): InForceRow => {
      const was = before.get(identityOf(next));
      const said = next.root === null ? undefined : shockIds.get(next.root);
      return { ...next, shockId: said ?? (was?.root === next.root ? (was?.shockId ?? null) : null) };
    });
    await this.inForce.write(
      tx,
      feed,
      rows.filter((row) => changed(row, before.get(identityOf(row)))),
    );
    const judged = followed.flatMap(({ next, judged: one }): JudgedMember[] => {
      const warning = listed.get(identityOf(next))?.[0];
      return one === undefined || warning === undefined ? [] : [{ warning, judged: one }];
    });
    return { counts, problems: [...snapshot.problems, ...listProblems(warnings, judged, updated, receivedAt)] };
  }

  /** Puts what is said to its shocks; the shock of each episode. */
  async #say(tx: Tx, followed: readonly Followed[], received: Received): Promise<Map<string, string>> {
    const said = followed.flatMap((one) => one.said ?? []);
    if (said.length === 0) return new Map();
    const items = said.map((one) => inHand(one, received));
    const answers = await this.statements.takeAll(tx, items);
    return new Map(
      items.flatMap(({ statement }, i) => {
        const shockId = answers[i]?.shockId;
        return shockId === undefined || shockId === null ? [] : [[statement.identity, shockId] as const];
      }),
    );
  }

  #holdPolicy(at: Date): SnapshotHold | undefined {
    return underPolicy(() => this.policy.get('snapshot-hold', COUNTRY, shanghaiDay(at)).value);
  }
}

function inHand({ statement, expires, recorded, problems }: Said, received: Received): StatementInHand {
  const { content, ...about } = statement;
  return {
    origin: 'snapshot',
    digest: digestOf(JSON.stringify([about, content ?? null])),
    received,
    statement: { ...statement, endsDueAt: dueByClock(received, expires) },
    recorded,
    problems,
  };
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

function counted(warning: ListedWarning): Counted {
  return { identity: identityOf(warning), token: warning.token };
}

function countedInForce(before: ReadonlyMap<string, InForceRow>): Counted[] {
  return [...before].flatMap(([identity, { goneAt, tokens }]) =>
    goneAt === null ? tokens.map((token) => ({ identity, token })) : [],
  );
}

function membersByIdentity(warnings: readonly ListedWarning[]): Map<string, ListedWarning[]> {
  const members = new Map<string, ListedWarning[]>();
  for (const warning of warnings) {
    const known = members.get(identityOf(warning));
    if (known === undefined) members.set(identityOf(warning), [warning]);
    else known.push(warning);
  }
  return members;
}

/** Most warnings of a list stand as they stood in the last: their rows are left alone. */
function changed(row: InForceRow, before: InForceRow | undefined): boolean {
  if (before === undefined || row.goneAt !== null || before.goneAt !== null) return true;
  return (
    row.judgedAt.getTime() !== before.judgedAt.getTime() ||
    row.tokens.length !== before.tokens.length ||
    row.tokens.some((token, i) => token !== before.tokens[i])
  );
}
