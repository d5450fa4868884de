/** What the service holds, counted: to see that something stores nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { expect } from '@jest/globals';
import type { World } from './risk-alerts-world.js';

/** Every row of every table. */
export async function countedRows({ db }: World): Promise<Record<string, number>> {
  const admin = await db.open({ url: db.adminUrl });
  return admin.transaction(cellScope('spec'), async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
    const counted: Record<string, number> = {};
    for (const { name } of tables)
      counted[name] = (await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`))[0]?.n ?? -1;
    return counted;
  });
}

/** The same once all that follows from the shocks sent so far has been done. */
export function rowsAtRest(world: World): Promise<Record<string, number>> {
  return eventually(async () => {
    expect(await unfollowed(world)).toBe(0);
    const counted = await countedRows(world);
    expect([counted['regional_looks'], counted['held_back_looks']]).toEqual([0, 0]);
    // Joint alerts are said and answered after that: nothing comes any more once a second has added nothing.
    await sleep(1_000);
    expect(await countedRows(world)).toEqual(counted);
    return counted;
  });
}

/** Slices and fan-outs that episodes have not taken up yet. */
function unfollowed({ database }: World): Promise<number | undefined> {
  return database.transaction(cellScope('spec'), async (tx) => {
    const [row] = await tx.query<{ n: number }>(
      `SELECT ((SELECT count(*) FROM slices WHERE followed_at IS NULL OR (direction = 'raise' AND held_back_at IS NULL))
         + (SELECT count(*) FROM fan_outs WHERE state = 'done' AND held_back_at IS NULL))::int AS n`,
    );
    return row?.n;
  });
}
