import type { Tx } from '@fangpin/persistence';

// Keyed by the data source: one process may hold several databases (tests do).
const epochs = new WeakMap<object, number>();

/** The epoch in front of this database's revisions. Read once: after raising it (a restore) the service is started anew. */
export async function epochOf(tx: Tx): Promise<number> {
  const { dataSource } = tx.manager;
  const known = epochs.get(dataSource);
  if (known !== undefined) return known;
  const [row] = await tx.query<{ epoch: number }>('SELECT epoch FROM service_epoch');
  if (row === undefined) throw new Error('service_epoch has no row: the database is not migrated');
  epochs.set(dataSource, row.epoch);
  return row.epoch;
}
