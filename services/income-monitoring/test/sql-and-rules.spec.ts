import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fixedClock, nextRevision, packRevision, perHead } from '@fangpin/domain-kit';
import { createKafkaBus, Outbox } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { createTestDatabase, testServers, uniquePrefix, type TestDatabase } from '@fangpin/testing';
import { entities } from '../src/app.module.js';
import { AssessHouseholds } from '../src/assessments/assess-households.js';
import { assessmentBatchSource } from '../src/assessments/assessment-batch.source.js';
import type { AssessmentRow } from '../src/assessments/assessment-row.js';
import { entryKindNames } from '../src/ledger/entry-kinds.js';
import { findFigure, type LedgerEntry } from '../src/ledger/figure.rule.js';
import type { Month } from '../src/ledger/month.js';
import { MAX_AMOUNT_FEN, shareInWindow } from '../src/ledger/spread.rule.js';
import { windowOfDay } from '../src/ledger/window.rule.js';
import { MIGRATIONS, VILLAGE } from './support/income-world.js';

const scope = cellScope('test');
const DAY = '2026-11-22';
const window = windowOfDay(DAY);

const anEntry: fc.Arbitrary<LedgerEntry> = fc
  .record({
    kind: fc.constantFrom(...entryKindNames),
    from: fc.integer({ min: window.from - 40, max: window.to + 6 }),
    months: fc.integer({ min: 1, max: 60 }),
    amountFen: fc.oneof(fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 0, max: MAX_AMOUNT_FEN })),
  })
  .map(({ kind, from, months, amountFen }) => ({
    kind,
    from: from as Month,
    to: (from + months - 1) as Month,
    amountFen,
  }));
const households = fc.array(
  fc.record({ persons: fc.integer({ min: 0, max: 12 }), entries: fc.array(anEntry, { maxLength: 12 }) }),
  { minLength: 1, maxLength: 60 },
);

describe('the rules in SQL', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('income-monitoring', { migrationsDirs: MIGRATIONS });
    database = await testDatabase.open({ entities });
  });
  afterAll(() => testDatabase.drop());

  const one = async <T>(sql: string, values: readonly unknown[]): Promise<T> => {
    const [row] = await database.transaction(scope, (tx) => tx.query<{ value: T }>(`SELECT ${sql} AS value`, values));
    return (row as { value: T }).value;
  };

  it('spread an amount as the function does', async () => {
    await fc.assert(
      fc.asyncProperty(anEntry, fc.boolean(), async (entry, reversed) => {
        const amountFen = reversed ? -entry.amountFen : entry.amountFen;
        const share = await one<number>('month_share($1, $2, $3, $4, $5)', [
          amountFen,
          entry.from,
          entry.to,
          window.from,
          window.to,
        ]);
        expect(share).toBe(shareInWindow({ ...entry, amountFen }, window) + 0);
      }),
      { numRuns: 60 },
    );
  });

  it('divide by heads with half a fen up, below zero too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.integer({ min: 1, max: 14 }),
        async (fen, n) => {
          expect(await one<number>('per_head($1, $2)', [fen, n])).toBe(perHead(fen, n) + 0);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([undefined, packRevision({ epoch: 1, version: 7 }), packRevision({ epoch: 3, version: 2 })])(
    'give the next revision after %p as the function does',
    async (known) => {
      expect(await one<number>('next_revision($1)', [known ?? null])).toBe(nextRevision(1, known));
    },
  );

  it('assess random ledgers to the figures of the pure rule, and nothing twice', async () => {
    const bus = createKafkaBus({ brokers: testServers().brokers, clientId: 'income-sql-test', prefix: uniquePrefix() });
    const outbox = new Outbox(bus, database);
    outbox.registerSource(assessmentBatchSource);
    const assess = new AssessHouseholds(outbox, fixedClock(`${DAY}T08:00:00+08:00`));
    let nextId = 1;
    try {
      await fc.assert(
        fc.asyncProperty(households, async (ledgers) => {
          const named = ledgers.map((ledger) => ({ ...ledger, id: nextId++ }));
          // Rolled back on purpose: the rule is under test, not the publishing.
          await expect(
            database.transaction(scope, async (tx) => {
              for (const { id, persons, entries } of named) {
                await tx.execute(`INSERT INTO households VALUES ($1, $2, $3, 'active', 1, 0)`, [id, VILLAGE, persons]);
                await tx.execute(
                  `INSERT INTO income_entries (household_id, duty_code, kind, from_month, to_month, amount_fen, source, source_key, recorded_by)
                   SELECT $1, $2, e.kind, e.f, e.t, e.fen, 'x', e.n::text, 'test'
                   FROM unnest($3::entry_kind[], $4::int[], $5::int[], $6::bigint[]) WITH ORDINALITY AS e (kind, f, t, fen, n)`,
                  [
                    id,
                    VILLAGE,
                    entries.map((e) => e.kind),
                    entries.map((e) => e.from),
                    entries.map((e) => e.to),
                    entries.map((e) => e.amountFen),
                  ],
                );
              }
              const ids = named.map(({ id }) => id);
              const changed = await assess.execute(tx, ids);
              const rows = await tx.query<AssessmentRow & Record<string, unknown>>('SELECT * FROM assessments');
              const expected = named.flatMap(({ id, persons, entries }) => {
                const figure = findFigure(entries, persons, window);
                return figure === undefined ? [] : [{ id, figure }];
              });
              expect(changed).toBe(expected.length);
              for (const { id, figure } of expected) {
                expect(rows.find((row) => row.household_id === id)).toMatchObject({
                  persons: figure.persons,
                  window_from: window.from,
                  window_to: window.to,
                  wage_fen: figure.sums.wage,
                  business_fen: figure.sums.business,
                  property_fen: figure.sums.property,
                  transfer_fen: figure.sums.transfer,
                  production_cost_fen: figure.sums.cost,
                  per_capita_fen: figure.perCapitaFen + 0,
                  out_of_pocket_fen: figure.sums['out-of-pocket'],
                  insurance_payout_fen: figure.sums['insurance-payout'],
                  closed: false,
                });
              }
              expect(await assess.execute(tx, ids)).toBe(0);
              throw new Error('rolled back');
            }),
          ).rejects.toThrow('rolled back');
        }),
        { numRuns: 15 },
      );
    } finally {
      await outbox.close();
      await bus.close();
    }
  });

  it('fit the entities column by column', async () => {
    const columns = await database.transaction(scope, (tx) =>
      tx.query<{ table_name: string; column_name: string }>(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'",
      ),
    );
    for (const { tableName, columns: mapped } of database.dataSource.entityMetadatas) {
      const inDatabase = columns.filter((c) => c.table_name === tableName).map((c) => c.column_name);
      expect(mapped.map((column) => column.databaseName).sort()).toEqual(inDatabase.sort());
    }
  });
});
