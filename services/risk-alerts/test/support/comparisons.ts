/** Comparisons with assistance-cases in a spec: the settings that make them quick, and one run from the question to its end. */
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import type { ReconciliationPage, ReconciliationResponse } from '../../src/reconciliation/reconciliation.responses.js';
import type { World } from './risk-alerts-world.js';

export const QUICK_COMPARISONS = {
  FANGPIN_RECONCILIATION_QUIET_SECONDS: '0',
  FANGPIN_RECONCILIATION_REST_SECONDS: '1',
  FANGPIN_RECONCILIATION_SILENT_SECONDS: '3',
  FANGPIN_RECONCILIATION_LOOK_SECONDS: '1',
  FANGPIN_RECONCILIATION_ROUNDS: '3',
};

/** Has all compared, and answers what was found once it is closed. */
export async function compared(world: World): Promise<ReconciliationResponse> {
  const ask = async <T>(method: 'GET' | 'POST'): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('operator', '00')}` };
    return (await world.app.inject({ method, url: '/v1/reconciliations', headers })).json<T>();
  };
  const { id } = await ask<{ id: number }>('POST');
  return eventually(
    async () => {
      const found = (await ask<ReconciliationPage>('GET')).items.find((one) => one.id === id);
      if (found?.state !== 'closed') throw new Error(`comparison ${id} is ${found?.state ?? 'unknown'}`);
      return found;
    },
    { timeoutMs: 30_000 },
  );
}

/** What no role of the service may do: rows get lost. */
export async function asOwner(world: World, sql: string, values: readonly unknown[] = []): Promise<void> {
  const admin = await world.db.open({ url: world.db.adminUrl });
  await admin.transaction(cellScope('spec'), (tx) => tx.execute(sql, values));
  await admin.close();
}
