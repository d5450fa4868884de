import { fileURLToPath } from 'node:url';
import type { Cause } from '@fangpin/contracts';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import type { EpisodeLife } from '@fangpin/policy';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { insertRows, millisOf, type ColumnsOf } from '../src/episodes/columns.js';
import { openBook, storeBook, type BookedHousehold } from '../src/episodes/episode-book.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const SCOPE = cellScope('spec');
const DUTY = 532_327_101_201_000;
const DAY = 86_400_000;
const NOW = new Date('2026-07-18T08:00:00+08:00');
const life: EpisodeLife = {
  easeAfterDays: 14,
  endAfterDays: 7,
  reissueWithinDays: 30,
  standsDays: 365,
  tellAgainAfterHours: 72,
};
const CAUSE: Cause = 'crop-disaster';
let db: TestDatabase;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase('risk-alerts', {
    migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
  });
  database = await db.open({ poolSize: 1 });
});
afterAll(() => db.drop());

/** Statements that were sent meanwhile, with what they carried. */
function watched(tx: Tx): { tx: Tx; sent: { sql: string; values: readonly unknown[] }[] } {
  const sent: { sql: string; values: readonly unknown[] }[] = [];
  const note = (sql: unknown, values: readonly unknown[] = []): void => void sent.push({ sql: String(sql), values });
  const watching: Tx = {
    ...tx,
    query: (sql, values) => (note(sql, values), tx.query(sql, values)),
    execute: (sql, values) => (note(sql, values), tx.execute(sql, values)),
  };
  return { tx: watching, sent };
}

describe('the book of episodes', () => {
  /** Opens it at some households, lets something happen to them and stores it; answers what was sent. */
  const happens = (ids: readonly number[], what: (household: BookedHousehold) => void) =>
    database.transaction(SCOPE, async (plain) => {
      const { tx, sent } = watched(plain);
      const book = await openBook(tx, new Map(ids.map((id) => [id, DUTY + id])), () => () => life, NOW);
      for (const household of book.values()) what(household);
      await storeBook(tx, book.values(), () => () => life);
      return sent;
    });
  const rowsOf = (id: number) =>
    database.transaction(SCOPE, (tx) =>
      tx.query(
        `SELECT ordinal, state, severity, ended_why, alerts FROM risk_episodes WHERE household_id = $1 ORDER BY ordinal`,
        [id],
      ),
    );
  const said = (origin: number, revision: number, raised = true) => ({
    ...{ origin, cause: CAUSE, revision, raised, severity: 2 },
  });

  it('reads no episode of households that never had an alert, and looks up none of what it adds', async () => {
    const sent = await happens([1, 2, 3], ({ risks }) => risks.say(said(7, 1), NOW.getTime()));
    expect(sent.filter(({ sql }) => /FROM risk_episodes|ON CONFLICT/.test(sql))).toEqual([]);
    const again = await happens([1, 2, 4], ({ risks }) => risks.say(said(8, 1), NOW.getTime()));
    expect(again.filter(({ sql }) => sql.includes('ON CONFLICT')).map(({ sql }) => sql.split(' ')[2])).toEqual([
      'risk_episodes',
    ]);
    expect(await Promise.all([1, 3, 4].map(rowsOf))).toMatchObject([[{ alerts: 2 }], [{ alerts: 1 }], [{ alerts: 1 }]]);
  });

  it('sends once what is the same for all households', async () => {
    const sent = await happens([11, 12, 13], ({ risks }) => risks.say(said(7, 1), NOW.getTime()));
    const byRow = sent
      .filter(({ sql }) => sql.startsWith('INSERT'))
      .map(({ values }) => values.filter((value) => Buffer.isBuffer(value)).length);
    expect(byRow).toEqual([2, 2, 2]);
  });

  it('keeps an episode that ended before the next of its cause began, though both are followed at once', async () => {
    await happens([21], ({ risks }) => risks.say(said(7, 1), NOW.getTime()));
    const both = ({ risks }: BookedHousehold): void => {
      risks.say(said(7, 2, false), NOW.getTime() + DAY);
      risks.say(said(8, 1), NOW.getTime() + 60 * DAY);
    };
    await happens([21, 22], both);
    const ended = { ordinal: 1, state: 'ended', severity: 0, ended_why: 'recalled' };
    expect(await rowsOf(21)).toMatchObject([ended, { ordinal: 2, state: 'open', severity: 2, alerts: 1 }]);
    expect(await rowsOf(22)).toMatchObject([{ ordinal: 1, state: 'open' }]);
    // The next time the last one is gone on with.
    await happens([21], ({ risks }) => risks.say(said(8, 2, false), NOW.getTime() + 61 * DAY));
    expect(await rowsOf(21)).toMatchObject([ended, { ...ended, ordinal: 2 }]);
  });
});

describe('rows that are stored set by set', () => {
  interface Row extends Record<string, unknown> {
    id: number;
    big: number | null;
    whole: number | null;
    small: number | null;
    yes: boolean | null;
    at: number | null;
    word: string | null;
  }
  const columns: ColumnsOf<Row> = {
    id: ['bigint', ({ id }) => id],
    big: ['bigint', ({ big }) => big],
    whole: ['int', ({ whole }) => whole],
    small: ['smallint', ({ small }) => small],
    yes: ['boolean', ({ yes }) => yes],
    at: ['moment', ({ at }) => at],
    word: ['text', ({ word }) => word],
  };
  // Few values, so that columns are often alike.
  const some = <T>(...values: T[]) => fc.constantFrom(null, ...values);
  const row = fc.record({
    id: fc.integer({ min: 1, max: 40 }),
    big: some(-1, Number.MAX_SAFE_INTEGER),
    whole: some(2_147_483_647),
    small: some(4),
    yes: some(true, false),
    at: some(0, NOW.getTime() + 1),
    word: some('crop-disaster', '"灾", {NULL}'),
  });

  it('are read as they were given, whether columns are alike or not, and take the place of those that were there', async () => {
    const ofOneId = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 8 });
    const rollback = new Error('rolled back');
    const stored = async (before: readonly Row[], rows: readonly Row[]): Promise<Row[]> => {
      let found: Row[] = [];
      const work = database.transaction(SCOPE, async (tx) => {
        await tx.execute(
          'CREATE TEMP TABLE t (id bigint PRIMARY KEY, big bigint, whole int, small smallint, yes boolean, at timestamptz, word text)',
        );
        await insertRows(tx, 't', columns, before);
        await insertRows(tx, 't', columns, rows, 'id');
        found = await tx.query<Row>(`SELECT id, big, whole, small, yes, ${millisOf('at')}, word FROM t ORDER BY id`);
        throw rollback;
      });
      await work.catch((error: unknown) => {
        if (error !== rollback) throw error;
      });
      return found;
    };
    await fc.assert(
      fc.asyncProperty(ofOneId, ofOneId, async (before, rows) => {
        const expected = new Map([...before, ...rows].map((one) => [one.id, one]));
        expect(await stored(before, rows)).toEqual([...expected.values()].sort((a, b) => a.id - b.id));
      }),
      { numRuns: 60 },
    );
  });
});
