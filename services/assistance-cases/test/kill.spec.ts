/** The built service, killed without warning in the middle of its work. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TriageOutcome } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import pg from 'pg';
import { anAlertBatch, dutyOf, ORANGE, OTHER_TOWNSHIP, range, RED, TOWNSHIP } from './harness.js';
import { surroundings, type Surroundings } from './service.js';

const MAIN = path.resolve(import.meta.dirname, '../dist/main.js');
const SLICES = 24;
const HOUSEHOLDS = SLICES * 500;

let around: Surroundings;
let admin: pg.Client;
/** Holds a lock in a transaction of its own; what it would see of others' activity stands still meanwhile. */
let holder: pg.Client;
let service: ChildProcess | undefined;

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error('this spec runs the built service: `npm run build` first');
  around = await surroundings();
  admin = new pg.Client({ connectionString: around.db.adminUrl });
  holder = new pg.Client({ connectionString: around.db.adminUrl });
  await Promise.all([admin.connect(), holder.connect()]);
}, 120_000);

afterAll(async () => {
  service?.kill('SIGKILL');
  await holder.end();
  await admin.end();
  await around.close();
});

function start(): ChildProcess {
  const { env } = around;
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATABASE_URL: env.databaseUrl,
      WRITER_DATABASE_URL: env.writerDatabaseUrl,
      KAFKA_BROKERS: env.kafkaBrokers.join(','),
      FANGPIN_TOPIC_PREFIX: env.topicPrefix,
      FANGPIN_JWKS_FILE: env.jwksFile,
      LOG_LEVEL: 'silent',
    },
  });
  service = child;
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The rows of a household that nobody can pass: triage stops in its COPY until the lock is let go. */
async function holdBack(household: number): Promise<void> {
  await holder.query('BEGIN');
  await holder.query(
    `INSERT INTO cases (case_origin, household_id, duty_code, revision, alert_revision, opened_at, due_at, persons, severity,
                        alert_severity, alert_outcome, state, regime, acted)
     VALUES (1, $1, $2, 1, 1, now(), now(), 1, 1, 1, 1, 1, 2, false)`,
    [household, dutyOf(TOWNSHIP, household)],
  );
}

const stuckInCopy = (): Promise<void> =>
  eventually(
    async () => {
      const { rows } = await admin.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY cases%' AND wait_event_type = 'Lock'",
      );
      if (rows.length === 0) throw new Error('triage has not reached the row that holds it');
    },
    { timeoutMs: 60_000 },
  );

it('misses nothing and doubles nothing when it is killed in mid batch and again before it has answered', async () => {
  const severity = (household: number): number => (household % 3 === 0 ? ORANGE : RED);
  const shock = (number: number, cause: string) =>
    range(0, SLICES).map((slice) =>
      anAlertBatch(range(1 + slice * 500, 500), {
        shock: number,
        cause,
        severity,
        township: slice % 2 === 0 ? TOWNSHIP : OTHER_TOWNSHIP,
      }),
    );

  await holdBack(1_000);
  const first = start();
  await around.say(...shock(1, 'crop-disaster'), ...shock(2, 'price-fall'));
  await stuckInCopy();
  await kill(first);
  await holder.query('ROLLBACK');

  const second = start();
  await eventually(
    async () => {
      if ((await around.count('cases')) === 0) throw new Error('nothing is committed yet');
    },
    { timeoutMs: 60_000 },
  );
  await kill(second);
  // The dead process's lease on its answers runs out.
  await admin.query('UPDATE outbox SET lease_until = now() WHERE published_at IS NULL');

  start();
  await eventually(
    () => {
      if (around.answers.byAlert.size !== 2 * HOUSEHOLDS)
        throw new Error(`${around.answers.byAlert.size} of ${2 * HOUSEHOLDS} alerts are answered`);
    },
    { timeoutMs: 90_000 },
  );

  const red = range(1, HOUSEHOLDS).filter((household) => severity(household) === RED).length;
  expect(around.answers.count(TriageOutcome.OPENED)).toBe(red);
  expect(around.answers.count(TriageOutcome.ATTACHED)).toBe(red);
  expect(around.answers.count(TriageOutcome.LISTED)).toBe(2 * (HOUSEHOLDS - red));
  expect(await around.count('cases')).toBe(red);
  expect(await around.count('case_alerts')).toBe(red);
  expect(await around.count('check_items')).toBe(2 * (HOUSEHOLDS - red));
  // An answer is heard as soon as the broker has it; the service's mark follows the acknowledgement.
  await eventually(async () => {
    const { rows } = await admin.query('SELECT count(*)::int AS waiting FROM outbox WHERE published_at IS NULL');
    expect(rows).toEqual([{ waiting: 0 }]);
  });
}, 240_000);
