/** Gives a fan-out a middle that a test can hit: every write to a table takes a while before it can be committed. */
import { expect } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import type { ServiceName } from '../../scripts/lib/stack/index.ts';
import type { World } from './world.ts';

/**
 * Runs `work` while inserts into a table are slow: a trigger pauses when the rows are in and before they are committed. Full
 * speed again when it is over, and at once where `work` asks for it.
 */
export async function withSlowWrites(
  world: World,
  { service, table, seconds }: { service: ServiceName; table: string; seconds: number },
  work: (speedUp: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await world.sql(
    service,
    `CREATE OR REPLACE FUNCTION journey_pause() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN PERFORM pg_sleep(TG_ARGV[0]::float8); RETURN NULL; END $$`,
  );
  await world.sql(
    service,
    `CREATE TRIGGER journey_pause AFTER INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION journey_pause('${seconds}')`,
  );
  // The server may just be coming back.
  const speedUp = async (): Promise<void> => {
    await eventually(() => world.sql(service, `DROP TRIGGER IF EXISTS journey_pause ON ${table}`));
  };
  try {
    await work(speedUp);
  } finally {
    await speedUp();
  }
}

/** Resolves while a transaction of the service holds rows that are not committed. */
export async function inTheMiddle(world: World, service: ServiceName): Promise<void> {
  await eventually(async () => {
    const sleeping = await world.sql(
      service,
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
    );
    expect(sleeping.length).toBeGreaterThan(0);
  });
}

export interface SliceCounts {
  waiting: number;
  done: number;
}

/** Slices of a shock that nobody has computed yet, and those stored or published. */
export async function slicesOf(world: World, shockId: string): Promise<SliceCounts> {
  const [row] = await world.sql<{ waiting: string; done: string }>(
    'risk-alerts',
    `SELECT count(*) FILTER (WHERE s.state = 'waiting') AS waiting,
       count(*) FILTER (WHERE s.state IN ('stored', 'published')) AS done
     FROM slices s JOIN origins o USING (origin) WHERE o.shock_id = $1`,
    [shockId],
  );
  return { waiting: Number(row?.waiting), done: Number(row?.done) };
}

/** Resolves when some slices are done and some still wait. */
export async function halfway(world: World, shockId: string): Promise<void> {
  await eventually(async () => {
    const { waiting, done } = await slicesOf(world, shockId);
    expect(done).toBeGreaterThan(0);
    expect(waiting).toBeGreaterThan(0);
  });
}
