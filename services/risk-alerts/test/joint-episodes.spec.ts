import path from 'node:path';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { databaseBefore } from '@fangpin/testing';
import { describe, expect, it } from '@jest/globals';

const migrationsDirs = [
  messagingMigrationsDir,
  serviceKitMigrationsDir,
  path.resolve(import.meta.dirname, '../migrations'),
];
const TOWNSHIP = 532327101000000;

describe('the migration that opens episodes of joint alerts', () => {
  it('opens one where a loss held back is added up that counts still, and none where alerts tell it themselves', async () => {
    const { database, migrate, drop } = await databaseBefore('risk-alerts', { migrationsDirs }, '0079');
    try {
      const run = (text: string): Promise<Record<string, unknown>[]> =>
        database.transaction(cellScope('spec'), (tx) => tx.query(text));
      /** A joint alert of a household, whose parts are of origins 1 and 2. */
      const joint = async (household: number, ordinal: number, state: string): Promise<void> => {
        const origin = household * 10 + ordinal;
        await run(`INSERT INTO origins (origin, joint_id, cause) VALUES (${origin}, gen_random_uuid(), 'several')`);
        await run(
          `INSERT INTO joint_alerts (household_id, ordinal, origin, duty_code, state, revision, severity, causes, members, member_revisions,
             raised_at, ended_at)
           VALUES (${household}, ${ordinal}, ${origin}, ${TOWNSHIP}, '${state}', 1, 3, '{illness,schooling}', '{1,2}', '{1,1}',
             '2026-07-18T00:00:00Z', ${state === 'raised' ? 'NULL' : 'now()'})`,
        );
      };
      const loss = (household: number, goneWhy: string | null): Promise<unknown> =>
        run(
          `INSERT INTO held_back_losses (household_id, origin, cause, revision, duty_code, slice_no, low_fen, middle_fen, high_fen, persons,
             reasons, inputs, raised_at, gone_why)
           VALUES (${household}, 1, 'illness', 1, ${TOWNSHIP}, 1, 1, 2, 3, 4, 0, '{}', now(), ${goneWhy === null ? 'NULL' : `'${goneWhy}'`})`,
        );
      await joint(6, 1, 'withdrawn');
      await joint(6, 2, 'raised');
      await loss(6, null);
      await joint(7, 1, 'raised');
      await loss(7, 'answered');
      await joint(8, 1, 'raised');
      await migrate();
      expect(
        await run(
          'SELECT household_id, cause, ordinal, state, severity, tell_from = opened_at AS due FROM risk_episodes',
        ),
      ).toEqual([{ household_id: 6, cause: 'several', ordinal: 2, state: 'open', severity: 3, due: true }]);
      expect(await run('SELECT household_id, ordinal, step, origin FROM episode_steps')).toEqual([
        { household_id: 6, ordinal: 2, step: 'opened', origin: 62 },
      ]);
    } finally {
      await drop();
    }
  });
});
