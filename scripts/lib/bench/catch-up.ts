import { topics, type Topic } from '@fangpin/contracts';
import type { Bus } from '@fangpin/messaging';
import type pg from 'pg';
import { BEHIND_ALERTS } from '../client/on-its-way.ts';
import { waitFor } from './wait.ts';

/** Whether a service's database has applied all that was in a topic at those ends. */
export async function hasApplied(
  database: pg.Client,
  consumer: string,
  topic: Topic,
  ends: ReadonlyMap<number, bigint>,
): Promise<boolean> {
  const { rows } = await database.query<{ partition_no: number; next_offset: string }>(
    'SELECT partition_no, next_offset::text FROM consumer_progress WHERE consumer = $1 AND topic = $2',
    [consumer, topic.name],
  );
  const progress = new Map(rows.map((row) => [row.partition_no, BigInt(row.next_offset)]));
  return [...ends].every(([partition, end]) => end === 0n || (progress.get(partition) ?? 0n) >= end);
}

export interface CatchUpDatabases {
  incomes: pg.Client;
  alerts: pg.Client;
}

/**
 * Waits until risk-alerts knows every household and every income. Income hears the register too and may assess anew, so its
 * own reading comes first.
 */
export async function exposureCaughtUp(databases: CatchUpDatabases, bus: Bus, timeoutMs: number): Promise<void> {
  const follow = async (database: pg.Client, consumer: string, topic: Topic): Promise<void> => {
    const ends = await bus.endOffsets(topic);
    await waitFor({ what: `${consumer} follows ${topic.name}`, everyMs: 200, timeoutMs }, async () =>
      (await hasApplied(database, consumer, topic, ends)) ? true : undefined,
    );
  };
  await follow(databases.incomes, 'income-monitoring', topics.household);
  await follow(databases.alerts, 'risk-alerts', topics.household);
  await follow(databases.alerts, 'risk-alerts', topics.assessment);
}

/** Waits until nothing is left of what comes behind a shock, so that it runs beside nothing that is measured. */
export async function nothingBehind(alerts: pg.Client, timeoutMs: number): Promise<void> {
  await waitFor({ what: 'episodes and warnings follow', everyMs: 200, timeoutMs }, async () => {
    const { rows } = await alerts.query<{ open: number }>(BEHIND_ALERTS);
    return rows[0]?.open === 0 ? true : undefined;
  });
}
