import path from 'node:path';
import { packRevision } from '@fangpin/domain-kit';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { alertRevision } from '../src/fan-out/alert-revision.js';
import { answerByCases, answerByChecks } from '../src/joint/answer-held-back.js';
import { holdBack, letEarlierGo, letHouseholdsGo, type HeldBack } from '../src/joint/hold-back.js';

const DUTY = 532327101201000;
const [HAIL, PIGS, JOINT] = [1, 2, 3];
const shockRevision = (version: number): number => packRevision({ epoch: 1, version });

function loss(origin: number, version: number, middle: number, householdId = 7): HeldBack {
  return {
    ...{ origin, cause: 'price-fall', revision: alertRevision(shockRevision(version), 1) },
    household: { householdId, dutyCode: DUTY, persons: 4, perCapitaFen: 2_400_000, facts: 0, livelihoods: [] },
    verdict: { loss: { low: middle, middle, high: middle }, projectedFen: 1, severity: 0, reasons: 0 },
  };
}

describe('a loss that was held back', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    const own = path.resolve(import.meta.dirname, '../migrations');
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, own],
    });
    database = await db.open();
  });
  beforeEach(async () => {
    const admin = await db.open({ url: db.adminUrl });
    await admin.dataSource.query('TRUNCATE held_back_losses, held_back_looks, joint_alerts, case_states');
  });
  afterAll(() => db.drop());

  const inside = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transaction(cellScope('spec'), work);
  const hold = (losses: readonly HeldBack[], looked?: 'of several'): Promise<void> =>
    inside((tx) => holdBack(tx, losses, new Date(), looked));
  const looks = async (): Promise<unknown[]> =>
    (
      await inside((tx) => tx.query<{ household_id: number }>('DELETE FROM held_back_looks RETURNING household_id'))
    ).map(({ household_id: id }) => id);
  const whyGone = async (origin: number): Promise<unknown> =>
    (await inside((tx) => tx.query('SELECT gone_why FROM held_back_losses WHERE origin = $1', [origin])))[0]?.[
      'gone_why'
    ];
  const joint = (): Promise<unknown> =>
    inside((tx) =>
      tx.execute(
        `WITH known AS (INSERT INTO origins (origin, joint_id, cause) VALUES ($1, gen_random_uuid(), 'several') ON CONFLICT DO NOTHING)
         INSERT INTO joint_alerts (household_id, ordinal, origin, duty_code, state, revision, severity, causes, members, member_revisions, raised_at)
         VALUES (7, 1, $1, $2, 'raised', 1, 2, '{}', '{1,2}', '{1,1}', now())`,
        [JOINT, DUTY],
      ),
    );

  it('has its household looked at when it counts otherwise, and not for another revision alone', async () => {
    await hold([loss(HAIL, 1, 100)]);
    expect(await looks()).toEqual([7]);
    await hold([loss(HAIL, 2, 100)]);
    expect(await looks()).toEqual([]);
    await hold([loss(HAIL, 2, 90)]);
    expect(await looks()).toEqual([7]);
    // What is older changes nothing.
    await hold([loss(HAIL, 1, 500)]);
    expect(await looks()).toEqual([]);
  });

  it('has it looked at, of a whole slice, only where something else is known of it', async () => {
    await hold([loss(HAIL, 1, 100), loss(HAIL, 1, 100, 8)], 'of several');
    expect(await looks()).toEqual([]);
    await hold([loss(PIGS, 1, 100), loss(PIGS, 1, 100, 9)], 'of several');
    expect(await looks()).toEqual([7]);
  });

  it('is let go where it is not found again, and comes back where it is', async () => {
    await hold([loss(HAIL, 1, 100), loss(PIGS, 1, 100)]);
    await looks();
    await inside((tx) => letHouseholdsGo(tx, HAIL, [7]));
    expect([await whyGone(HAIL), await looks()]).toEqual(['recalled', [7]]);
    await hold([loss(HAIL, 1, 100)]);
    expect([await whyGone(HAIL), await looks()]).toEqual([null, [7]]);
    await hold([loss(HAIL, 2, 100)]);
    for (const origin of [HAIL, PIGS]) await inside((tx) => letEarlierGo(tx, origin, shockRevision(2)));
    expect([await whyGone(HAIL), await whyGone(PIGS), await looks()]).toEqual([null, 'recalled', []]);
  });

  it('stays answered by the ended case of its joint alert until it has grown, and counts again with an open one', async () => {
    await hold([loss(HAIL, 1, 100), loss(PIGS, 1, 100)]);
    await joint();
    const stepTo = async (state: string): Promise<unknown> => {
      await inside((tx) =>
        tx.execute(
          `INSERT INTO case_states (case_origin, household_id, duty_code, revision, state) VALUES ($1, 7, $2, 1, $3)
           ON CONFLICT (case_origin, household_id) DO UPDATE SET state = excluded.state`,
          [JOINT, DUTY, state],
        ),
      );
      return inside((tx) => answerByCases(tx, [{ case_origin: JOINT, household_id: 7 }]));
    };
    expect(await stepTo('dismissed')).toEqual(new Map([[7, DUTY]]));
    await hold([loss(HAIL, 2, 90)]);
    expect([await whyGone(HAIL), await whyGone(PIGS)]).toEqual(['answered', 'answered']);
    await hold([loss(HAIL, 3, 200)]);
    expect([await whyGone(HAIL), await whyGone(PIGS)]).toEqual([null, 'answered']);
    await stepTo('clue');
    expect(await whyGone(PIGS)).toBeNull();
  });

  it('is answered by a check of its joint alert that is as bad as what was checked, until a risk is found', async () => {
    await hold([loss(HAIL, 1, 100)]);
    await joint();
    const check = (upTo: number): Promise<void> =>
      inside((tx) => answerByChecks(tx, [{ household_id: 7, joint_origin: JOINT, answered_up_to: upTo }]));
    await check(1);
    expect(await whyGone(HAIL)).toBeNull();
    await check(2);
    expect(await whyGone(HAIL)).toBe('checked');
    await check(0);
    expect(await whyGone(HAIL)).toBeNull();
  });
});
