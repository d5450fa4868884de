import { databaseName, urlFor } from '@fangpin/persistence';
import pg from 'pg';
import { SERVICES_WITH_TABLES } from '../client/on-its-way.ts';

/** One superuser's connection to the database of each service that a shock runs through or waits for. */
export interface BenchDatabases {
  incomes: pg.Client;
  alerts: pg.Client;
  cases: pg.Client;
  close(): Promise<void>;
}

export async function openDatabases(adminUrl: string): Promise<BenchDatabases> {
  const connect = async (service: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: urlFor(adminUrl, databaseName(service)) });
    await client.connect();
    return client;
  };
  const incomes = await connect('income-monitoring');
  const alerts = await connect('risk-alerts');
  const cases = await connect('assistance-cases');
  return {
    incomes,
    alerts,
    cases,
    async close() {
      await Promise.all([incomes.end(), alerts.end(), cases.end()]);
    },
  };
}

/**
 * Empties what a fan-out filled, so that each run starts alike: a household's open case would make the next run attach to
 * it. Then a checkpoint, so that no run pays for the pages of the one before.
 */
export async function emptyResults({ alerts, cases }: BenchDatabases): Promise<void> {
  await alerts.query(
    'TRUNCATE alerts, withheld, triage_answers, case_states, risk_episodes, episode_alerts, episode_steps, joint_alerts, joint_alert_log',
  );
  await cases.query(
    'TRUNCATE cases, case_alerts, case_alert_steps, case_steps, check_items, check_results, withdrawals',
  );
  await alerts.query('CHECKPOINT');
}

/**
 * Leaves all databases as autovacuum does a minute or two after so much has been stored: a county is seldom struck in the minute in which
 * it was loaded, and workers that clean up beside a run would be measured with it.
 */
export async function vacuumAll(adminUrl: string): Promise<void> {
  for (const service of SERVICES_WITH_TABLES) {
    const client = new pg.Client({ connectionString: urlFor(adminUrl, databaseName(service)) });
    await client.connect();
    await client.query('VACUUM (ANALYZE)').finally(() => client.end());
  }
}
