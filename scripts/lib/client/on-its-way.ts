/** What the services have still to do with what was said so far: rows that wait to be sent, messages not yet taken, work that comes behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { consumerGroupOf, topics, type Topic } from '@fangpin/contracts';
import type { Bus } from '@fangpin/messaging';
import { Failure } from '../failure.ts';
import { serviceNames } from '../stack/services.ts';
import type { ServiceSql } from './service-sql.ts';

export interface Observed extends ServiceSql {
  readonly bus: Bus;
}

export const SERVICES_WITH_TABLES = serviceNames.filter((name) => name !== 'gateway');

/** Work of risk-alerts that comes behind a shock or a finding: risk episodes, losses held back, warnings for areas, second looks. */
export const BEHIND_ALERTS = `SELECT ((SELECT count(*) FROM slices WHERE followed_at IS NULL AND stored_at IS NOT NULL)
  + (SELECT count(*) FROM slices WHERE held_back_at IS NULL AND direction = 'raise' AND stored_at IS NOT NULL)
  + (SELECT count(*) FROM held_back_looks)
  + (SELECT count(*) FROM regional_looks) + (SELECT count(*) FROM relooks)
  + (SELECT count(*) FROM episode_case_steps) + (SELECT count(*) FROM episode_checks))::int AS open`;

const OPEN_SLICES = `SELECT count(*)::int AS open FROM slices WHERE state IN ('waiting', 'claimed', 'stored')`;

/** Rows of the outboxes that are not published. */
export async function unpublished({ sql }: ServiceSql): Promise<string[]> {
  const open: string[] = [];
  for (const service of SERVICES_WITH_TABLES) {
    const [row] = await sql<{ n: number }>(service, 'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL');
    if (row?.n !== 0) open.push(`${service}: ${row?.n} rows of the outbox are not published`);
  }
  return open;
}

/** Consumers that have not applied all that is in their topics. */
export async function behind({ sql, bus }: Observed): Promise<string[]> {
  const open: string[] = [];
  for (const topic of Object.values<Topic>(topics)) {
    const ends = await bus.endOffsets(topic);
    for (const service of topic.consumers) {
      const consumer = consumerGroupOf(topic, service);
      const rows = await sql<{ partition_no: number; next_offset: string }>(
        service,
        'SELECT partition_no, next_offset::text FROM consumer_progress WHERE consumer = $1 AND topic = $2',
        [consumer, topic.name],
      );
      const progress = new Map(rows.map((row) => [row.partition_no, BigInt(row.next_offset)]));
      for (const [partition, end] of ends) {
        const next = progress.get(partition) ?? 0n;
        if (end > 0n && next !== end) open.push(`${consumer} is at ${next} of ${end} in ${topic.name}/${partition}`);
      }
    }
  }
  return open;
}

async function openWork({ sql }: ServiceSql): Promise<string[]> {
  const [slices] = await sql<{ open: number }>('risk-alerts', OPEN_SLICES);
  const [following] = await sql<{ open: number }>('risk-alerts', BEHIND_ALERTS);
  return [
    ...(slices?.open === 0 ? [] : [`risk-alerts: ${slices?.open} slices are open`]),
    ...(following?.open === 0 ? [] : [`risk-alerts: ${following?.open} rows wait to be followed`]),
  ];
}

/** Waits until nothing is on its way; names what still is when the time is over. */
export async function untilNothingIsOnItsWay(system: Observed, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  // What is looked at first may be filled by what is looked at last: only the second look in a row that finds nothing tells.
  for (let quiet = 0; quiet < 2;) {
    const open = [...(await openWork(system)), ...(await unpublished(system)), ...(await behind(system))];
    quiet = open.length === 0 ? quiet + 1 : 0;
    if (open.length > 0 && Date.now() > deadline) throw new Failure(`still on its way: ${open.join('; ')}`);
    await sleep(100);
  }
}
