import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, topics, type AlertBatch } from '@fangpin/contracts';
import type { Database, Tx } from '@fangpin/persistence';
import { cellScope } from '@fangpin/persistence';
import {
  encodeEvent,
  type ConsumedEvent,
  type EventHandler,
  type EventPart,
  type OutgoingMessage,
} from '../../src/index.js';

export const TOWNSHIP = '532327101';

/** One packed message: a revision for each of these households. */
export function alertMessage(households: readonly number[], revision = 1, township = TOWNSHIP): OutgoingMessage {
  return encodeEvent(topics.alert, alertBatch(households, revision, township), { key: township });
}

export function alertBatch(households: readonly number[], revision = 1, township = TOWNSHIP): AlertBatch {
  return create(AlertBatchSchema, {
    shockId: '6d9f4fb6-7e9a-4f4e-8a0c-3a1f5f6f0001',
    revision: BigInt(revision),
    township,
    householdIds: households.map(BigInt),
  });
}

/** Applies higher revisions, writes a line for each household, and fails for those that stand in `poisoned`. */
export class EffectHandler implements EventHandler<AlertBatch> {
  calls = 0;
  readonly parkedKeys: string[] = [];
  /** Runs inside the transaction before anything is written. */
  before: (tx: Tx, events: readonly ConsumedEvent<AlertBatch>[]) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly name: string,
    readonly topic: EventHandler<AlertBatch>['topic'] = topics.alert,
  ) {}

  async handle(events: readonly ConsumedEvent<AlertBatch>[], tx: Tx): Promise<void> {
    this.calls += 1;
    await this.before(tx, events);
    for (const { data } of events)
      for (const household of data.householdIds) {
        const [poison] = await tx.query('SELECT FROM poisoned WHERE household_id = $1', [household]);
        if (poison) throw new TypeError(`household ${household} is more than this handler can take`);
        const changed = await tx.execute(
          `INSERT INTO effects AS old (household_id, revision) VALUES ($1, $2)
             ON CONFLICT (household_id) DO UPDATE SET revision = excluded.revision, changes = old.changes + 1
             WHERE excluded.revision > old.revision`,
          [household, data.revision],
        );
        if (changed > 0)
          await tx.execute('INSERT INTO applied (household_id, revision, applied_by) VALUES ($1, $2, $3)', [
            household,
            data.revision,
            this.name,
          ]);
      }
  }

  split({ data }: ConsumedEvent<AlertBatch>): readonly EventPart<AlertBatch>[] {
    return data.householdIds.map((household) => ({
      key: `${data.township}/${household}`,
      data: alertBatch([Number(household)], Number(data.revision), data.township),
    }));
  }

  parked({ key }: EventPart<AlertBatch>): Promise<void> {
    this.parkedKeys.push(key);
    return Promise.resolve();
  }
}

const SCOPE = cellScope('test');

/** `[household, revision]` of each change in the order it was applied. */
export async function appliedTo(database: Database): Promise<[number, number][]> {
  const rows = await database.transaction(SCOPE, (tx) =>
    tx.query<{ household_id: number; revision: number }>('SELECT household_id, revision FROM applied ORDER BY id'),
  );
  return rows.map((row) => [row.household_id, row.revision]);
}

export async function appliersOf(database: Database): Promise<string[]> {
  const rows = await database.transaction(SCOPE, (tx) =>
    tx.query<{ applied_by: string }>('SELECT applied_by FROM applied ORDER BY id'),
  );
  return rows.map((row) => row.applied_by);
}

export function run(database: Database, sql: string, values: readonly unknown[] = []): Promise<number> {
  return database.transaction(SCOPE, (tx) => tx.execute(sql, values));
}
