import { randomUUID } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import { FindingSchema } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { storedFindingAlerts } from '../src/findings/finding-alerts.js';
import { comparableGroups, groupTallyOf } from '../src/reconciliation/finding-tallies.js';
import { lastSlices } from '../src/reconciliation/last-slices.js';
import { medicalCost } from './support/findings.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const DUTY = 532_327_100_200_000;
const SLICE = 9;
const FINDINGS = Array.from({ length: 3 }, (_, i) => ({ id: randomUUID(), household: 100_001 + i }));
const ORIGINS = FINDINGS.map(({ id }) => originOf(id, 'illness'));

/** A fan-out over a prefecture, beside which a few findings were alerted. */
const ALERTS = `
INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen, persons, state, severity,
  reasons, inputs)
SELECT o, h, 1, ${DUTY} + h % 500, 1, 1, 1, 1, 3, 1, 2, 1, '{}'::bigint[] FROM generate_series(1, 20) AS o, generate_series(1, 2000) AS h
UNION ALL SELECT o, h, 1, ${DUTY}, ${SLICE}, 1, 1, 1, 3, 1, 2, 1, '{}'::bigint[] FROM unnest($1::bigint[], $2::bigint[]) AS f (o, h)`;
const LOG = `
INSERT INTO finding_alert_log (origin, household_id, revision, duty_code, policy_version, watched, only_dwelling, finding)
SELECT o, h, 1, ${DUTY}, 'spec', false, false, bytes FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS f (o, h, bytes)`;
const SLICES = `
INSERT INTO slices (slice_no, direction, lane, townships, origins, state, stored_at, published_at, alerted)
OVERRIDING SYSTEM VALUE VALUES (${SLICE}, 'findings', 'live', '{}', $1::bigint[], 'published', now(), now(), 3)`;

describe('alerts of findings among those of a large fan-out', () => {
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
    });
    database = await db.open();
    const admin = await db.open({ url: db.adminUrl });
    const households = FINDINGS.map(({ household }) => household);
    const bytes = FINDINGS.map(({ id, household }) =>
      Buffer.from(
        toBinary(FindingSchema, medicalCost({ id: household }, 80_000, { findingId: id, dutyCode: BigInt(DUTY) })),
      ),
    );
    await admin.transaction(cellScope('spec'), async (tx) => {
      await tx.execute(ALERTS, [ORIGINS, households]);
      await tx.execute(LOG, [ORIGINS, households, bytes]);
      await tx.execute(SLICES, [ORIGINS]);
      await tx.execute('ANALYZE alerts, finding_alert_log');
    });
  }, 120_000);
  afterAll(() => db.drop());

  /** What the work answers; refuses a way through all alerts of the area. */
  async function alongKeys<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const plans: string[] = [];
    const answer = await database.transaction(cellScope('spec'), (tx) => work(explained(tx, plans)));
    expect(plans.join('\n')).not.toContain('alerts_by_duty');
    return answer;
  }

  it('are read along their keys to be published', async () => {
    const found = await alongKeys((tx) => storedFindingAlerts(tx, SLICE, ORIGINS));
    expect(found.map(({ householdId }) => householdId)).toEqual(FINDINGS.map(({ household }) => household));
  });

  it('are grouped, tallied and found again along their keys to be compared', async () => {
    const groups = await alongKeys((tx) => comparableGroups(tx, 'findings', { days: 90, quietSeconds: 0 }));
    expect(groups.flatMap(({ origins }) => origins)).toEqual(ORIGINS.toSorted((a, b) => a - b));
    const tally = await alongKeys((tx) => groupTallyOf(tx, ORIGINS, 0));
    expect(tally).toMatchObject({ households: 0, unanswered: FINDINGS.map(({ household }) => household) });
    expect(await alongKeys((tx) => lastSlices(tx, ORIGINS))).toMatchObject([{ slice_no: SLICE }]);
  });
});

/** Notes how each statement is carried out, under the rights of who asks. */
function explained(tx: Tx, plans: string[]): Tx {
  return {
    ...tx,
    async query<Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
      const rows = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, values);
      plans.push(...rows.map((row) => row['QUERY PLAN']));
      return tx.query<Row>(sql, values);
    },
  };
}
