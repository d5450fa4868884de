import path from 'node:path';
import { TriageOutcome } from '@fangpin/contracts';
import { COUNTRY, fixedClock } from '@fangpin/domain-kit';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, databaseBefore, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EpisodePool } from '../src/episodes/episode-pool.js';
import { FollowCases } from '../src/episodes/follow-cases.js';
import { KeepBook } from '../src/episodes/keep-book.js';
import { heldByCases } from '../src/episodes/open-cases.js';
import type { JudgeJointRisks } from '../src/joint/judge-joint-risks.js';
import type { PolicyVersions } from '../src/policy/policy-versions.js';

const { OPENED, ATTACHED, LISTED, DROPPED } = TriageOutcome;
const migrationsDirs = [
  messagingMigrationsDir,
  serviceKitMigrationsDir,
  path.resolve(import.meta.dirname, '../migrations'),
];
const TOWNSHIP = 532327101000000;
const HOUSEHOLD = 7;
/** An alert, and one attached to its case. */
const [A, B] = [101, 102];
const NOW = new Date('2026-11-22T10:00:00+08:00');

type Run = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
const runOn =
  (database: Database): Run =>
  (text, values) =>
    database.transaction(cellScope('spec'), (tx) => tx.query(text, values));

/** What assistance-cases said of an alert of the household; 0: no case. */
const answers = (run: Run, origin: number, revision: number, outcome: number, caseOrigin: number): Promise<unknown> =>
  run(
    `INSERT INTO triage_answers (origin, alert_revision, duty_code, household_ids, outcomes, case_origins)
     VALUES ($1, $2, ${TOWNSHIP}, ARRAY[$3::bigint], ARRAY[$4::smallint], ARRAY[$5::bigint])`,
    [origin, revision, HOUSEHOLD, outcome, caseOrigin],
  );
const stepTo = (run: Run, caseOrigin: number, state: string): Promise<unknown> =>
  run(
    `INSERT INTO case_states (case_origin, household_id, duty_code, revision, state) VALUES ($1, $2, ${TOWNSHIP}, 1, $3)
     ON CONFLICT (case_origin, household_id) DO UPDATE SET state = excluded.state`,
    [caseOrigin, HOUSEHOLD, state],
  );
/** An alert that has passed: it stands as it was last said, and counts for nothing. */
const passed = (run: Run, origin: number, revision: number): Promise<unknown> =>
  run(
    `INSERT INTO episode_alerts (household_id, origin, cause, duty_code, revision, raised, severity, held, lower, raised_at)
     VALUES ($1, $2, 'crop-disaster', ${TOWNSHIP}, $3, true, 3, 0, 0, '2025-07-20T00:00:00Z')`,
    [HOUSEHOLD, origin, revision],
  );

describe('whether an open case answers an alert', () => {
  let db: TestDatabase;
  let database: Database;
  let run: Run;
  let follow: FollowCases;

  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', { migrationsDirs });
    database = await db.open();
    run = runOn(database);
    follow = new FollowCases(
      new KeepBook(
        new EpisodePool(database),
        { current: loadPolicy() } as PolicyVersions,
        { execute: () => Promise.resolve() } as unknown as JudgeJointRisks,
        { cellRegion: COUNTRY } as ConstructorParameters<typeof KeepBook>[3],
        fixedClock(NOW),
      ),
    );
  });
  beforeEach(async () => {
    const admin = await db.open({ url: db.adminUrl });
    await admin.dataSource.query(
      'TRUNCATE triage_answers, case_states, episode_alerts, episode_case_steps, risk_episodes',
    );
  });
  afterAll(() => db.drop());

  const held = async (...origins: number[]): Promise<number[]> => {
    const asked = origins.map((origin) => ({ household_id: HOUSEHOLD, origin }));
    const found = await database.transaction(cellScope('spec'), (tx) => heldByCases(tx, asked));
    return found.map(({ origin }) => origin).sort();
  };
  const follows = async (caseOrigin: number): Promise<Record<string, unknown>[]> => {
    await run(`INSERT INTO episode_case_steps (case_origin, household_id, duty_code) VALUES ($1, $2, ${TOWNSHIP})`, [
      ...[caseOrigin, HOUSEHOLD],
    ]);
    await follow.execute();
    return run('SELECT origin, case_open, held FROM episode_alerts ORDER BY origin');
  };

  it('is so of a clue of which no step was heard, for what opened it and what was attached', async () => {
    await answers(run, A, 1, OPENED, A);
    await answers(run, B, 1, ATTACHED, A);
    expect(await held(A, B)).toEqual([A, B]);
    await passed(run, A, 1);
    await passed(run, B, 1);
    expect(await follows(A)).toMatchObject([
      { origin: A, case_open: true, held: 3 },
      { origin: B, case_open: true, held: 3 },
    ]);
  });

  it('is not so of a clue that a recall closed, though the alert is on a check list by now', async () => {
    await answers(run, A, 1, OPENED, A);
    await answers(run, A, 2, DROPPED, A);
    expect(await held(A)).toEqual([]);
    await answers(run, A, 3, LISTED, 0);
    // Said again after a crash, in what order ever.
    await answers(run, A, 1, OPENED, A);
    expect(await held(A)).toEqual([]);
    await passed(run, A, 3);
    expect(await follows(A)).toMatchObject([{ case_open: false, held: 0 }]);
  });

  it('is so once more where the case is taken up again, and not of what has left it since', async () => {
    await answers(run, A, 1, OPENED, A);
    await answers(run, B, 1, ATTACHED, A);
    await stepTo(run, A, 'dismissed');
    expect(await held(A, B)).toEqual([]);
    await answers(run, B, 2, LISTED, 0);
    await stepTo(run, A, 'clue');
    expect(await held(A, B)).toEqual([A]);
    await passed(run, A, 1);
    await passed(run, B, 2);
    expect(await follows(A)).toMatchObject([
      { origin: A, case_open: true, held: 3 },
      { origin: B, case_open: false, held: 0 },
    ]);
    await stepTo(run, A, 'withdrawn');
    expect(await follows(A)).toMatchObject([{ origin: A, case_open: false }, { origin: B }]);
  });
});

describe('the migration that looks at untouched clues', () => {
  it('takes those up whose alerts have passed, and no case that has taken a step or was recalled', async () => {
    const { database, migrate, drop } = await databaseBefore('risk-alerts', { migrationsDirs }, '0050');
    try {
      const run = runOn(database);
      await passed(run, A, 1);
      await answers(run, A, 1, OPENED, A);
      await answers(run, B, 1, OPENED, B);
      await answers(run, B, 2, DROPPED, B);
      await answers(run, 103, 1, OPENED, 103);
      await stepTo(run, 103, 'dismissed');
      await migrate();
      expect(await run('SELECT case_origin, household_id, duty_code FROM episode_case_steps')).toEqual([
        { case_origin: A, household_id: HOUSEHOLD, duty_code: TOWNSHIP },
      ]);
    } finally {
      await drop();
    }
  });
});
