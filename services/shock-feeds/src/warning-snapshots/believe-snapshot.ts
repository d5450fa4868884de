/** A list that is believed: what it says goes to its shocks, what it leaves in force is remembered. */
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import type { Problem } from '../cap/cap-message.js';
import { digestOf, dueByClock, judgedAt, type Received } from '../intake/received.js';
import { TakeStatements, type StatementInHand } from '../intake/take-statements.js';
import { diffSnapshots, type Counted, type SnapshotCounts } from './diff-snapshots.rule.js';
import { followGone, followListed, type Followed, type Said } from './follow-warnings.rule.js';
import { listProblems } from './list-problems.js';
import { identityOf, type ListedWarning, type Snapshot } from './snapshot.js';
import { WarningsInForce, type InForceRow } from './warnings-in-force.js';

export interface Believed {
  readonly counts: SnapshotCounts;
  readonly problems: readonly Problem[];
}

@Injectable()
export class BelieveSnapshot {
  constructor(
    private readonly policy: PolicySet,
    private readonly statements: TakeStatements,
    private readonly inForce: WarningsInForce,
  ) {}

  /** In the caller's transaction, which holds the feed. Two thousand warnings take as many queries as one. */
  async believe(tx: Tx, snapshot: Snapshot, feed: string, received: Received): Promise<Believed> {
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
    const judged = followed.flatMap((one) => one.listed ?? []);
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
}

function inHand({ statement, expires, basis, recorded, problems }: Said, received: Received): StatementInHand {
  const { content, ...about } = statement;
  return {
    origin: 'snapshot',
    digest: digestOf(JSON.stringify([about, content ?? null])),
    received,
    statement: { ...statement, endsDueAt: dueByClock(received, expires) },
    ...(basis === undefined ? {} : { basis }),
    recorded,
    problems,
  };
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
