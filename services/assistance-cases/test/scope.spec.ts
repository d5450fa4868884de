import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cellScope, regionScope } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import { describeScopeOfTables } from '@fangpin/testing';
import { TakeShocks } from '../src/village-questions/take-shocks.js';
import {
  anAlertBatch,
  everything,
  ORANGE,
  OTHER_TOWNSHIP,
  range,
  TOWNSHIP,
  triageOnDatabase,
  type TriageOnDatabase,
} from './harness.js';
import { aNotice } from './notices.js';

let service: TriageOnDatabase;
beforeAll(async () => {
  service = await triageOnDatabase();
  await service.triage(
    anAlertBatch(range(1, 30)),
    anAlertBatch(range(101, 20), { severity: ORANGE }),
    anAlertBatch(range(201, 10), { township: OTHER_TOWNSHIP }),
  );
  await service.triage(anAlertBatch(range(1, 5), { shock: 2 }), anAlertBatch([900], { shock: 3, withdrawn: true }));
  const takeShocks = new TakeShocks(loadPolicy(), service.clock);
  await service.writer.transaction(cellScope('spec'), (tx) =>
    takeShocks.execute([{ shock: aNotice({ shock: 9 }), at: undefined }], tx),
  );
});
afterAll(() => service.db.drop());

describeScopeOfTables('assistance-cases', () => service.db);

const countIn = (table: string, region: Parameters<typeof regionScope>[0]): Promise<number> =>
  service.app.transaction(regionScope(region), async (tx) => {
    const [row] = await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    return row?.n ?? 0;
  });

describe('rows under a scope', () => {
  it("shows a township's scope that township only", async () => {
    expect(await countIn('cases', TOWNSHIP)).toBe(30);
    expect(await countIn('cases', OTHER_TOWNSHIP)).toBe(10);
    expect(await countIn('check_items', OTHER_TOWNSHIP)).toBe(0);
    expect(await countIn('case_alerts', TOWNSHIP)).toBe(5);
  });

  it('refuses to move a case out of the scope', async () => {
    await expect(
      service.app.transaction(regionScope(TOWNSHIP), (tx) =>
        tx.execute('UPDATE cases SET duty_code = 532327102201000 WHERE household_id = 1'),
      ),
    ).rejects.toThrow('row-level security');
  });
});

describe('grants', () => {
  const asApp = (sql: string) => service.app.transaction(everything, (tx) => tx.query(sql));
  const asWriter = (sql: string) => service.writer.transaction(cellScope('spec'), (tx) => tx.query(sql));

  it.each(['case_steps', 'case_alert_steps', 'check_results', 'village_answer_log'])(
    'let nobody change or delete what stands in %s',
    async (table) => {
      for (const as of [asApp, asWriter]) {
        await expect(as(`UPDATE ${table} SET duty_code = 0`)).rejects.toThrow('permission denied');
        await expect(as(`DELETE FROM ${table}`)).rejects.toThrow('permission denied');
      }
    },
  );

  it('let nobody delete cases, items or alerts', async () => {
    for (const as of [asApp, asWriter])
      for (const table of [
        'cases',
        'check_items',
        'case_alerts',
        'withdrawals',
        'triage_refs',
        'village_questions',
        'question_notices',
      ])
        await expect(as(`DELETE FROM ${table}`)).rejects.toThrow('permission denied');
  });

  it('let the bulk writer change only what triage changes, and read no reasons', async () => {
    await expect(asWriter('UPDATE cases SET regime = 1')).rejects.toThrow('permission denied');
    await expect(asWriter('UPDATE cases SET opened_at = now()')).rejects.toThrow('permission denied');
    await expect(asWriter('UPDATE check_items SET origin = 1')).rejects.toThrow('permission denied');
    await expect(asWriter('SELECT reason FROM check_results')).rejects.toThrow('permission denied');
    await expect(asWriter('SELECT * FROM case_steps')).rejects.toThrow('permission denied');
    await expect(asWriter('SELECT note FROM village_answer_log')).rejects.toThrow('permission denied');
    await expect(asApp('UPDATE village_questions SET due_at = now()')).rejects.toThrow('permission denied');
  });
});
