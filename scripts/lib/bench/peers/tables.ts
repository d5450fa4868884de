/** Tables of the peers: the services' own definitions of alerts and cases, in a schema of their own, without row security. */
import type pg from 'pg';
import type { BenchDatabases } from '../bench-databases.ts';

export const PEER_SCHEMA = 'peers';

/** The columns that peers fill, in the order of the alert and case rows of the services. */
export const alertColumns = [
  'origin',
  'household_id',
  'revision',
  'duty_code',
  'slice_no',
  'loss_low_fen',
  'loss_fen',
  'loss_high_fen',
  'per_capita_fen',
  'projected_fen',
  'persons',
  'state',
  'severity',
  'reasons',
  'inputs',
] as const;
export const caseColumns = [
  'case_origin',
  'household_id',
  'duty_code',
  'revision',
  'alert_revision',
  'opened_at',
  'due_at',
  'persons',
  'severity',
  'alert_severity',
  'alert_outcome',
  'state',
  'regime',
  'acted',
] as const;

interface Column {
  name: string;
  type: string;
  required: boolean;
}

/** Makes them in the database of risk-alerts, so that one transaction can hold both rows of a household. */
export async function makePeerTables({ alerts, cases }: BenchDatabases): Promise<void> {
  await alerts.query(`DROP SCHEMA IF EXISTS ${PEER_SCHEMA} CASCADE`);
  await alerts.query(`CREATE SCHEMA ${PEER_SCHEMA}`);
  for (const sql of await definitionOf(alerts, 'alerts', alertColumns)) await alerts.query(sql);
  for (const sql of await definitionOf(cases, 'cases', caseColumns)) await alerts.query(sql);
}

/** Every run starts with empty tables, and with no pages of the one before to write. */
export async function emptyPeerTables({ alerts }: BenchDatabases): Promise<void> {
  await alerts.query(`TRUNCATE ${PEER_SCHEMA}.alerts, ${PEER_SCHEMA}.cases`);
  await alerts.query('CHECKPOINT');
}

/** The table, its checks and its indexes as statements. A column that peers do not fill may stay empty. */
async function definitionOf(client: pg.Client, table: string, filled: readonly string[]): Promise<string[]> {
  const { rows: columns } = await client.query<Column>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  const { rows: checks } = await client.query<{ definition: string }>(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'`,
    [table],
  );
  const { rows: indexes } = await client.query<{ definition: string }>(
    'SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index WHERE indrelid = $1::regclass ORDER BY indexrelid',
    [table],
  );
  return [
    createTable(
      table,
      columns,
      checks.map(({ definition }) => definition),
      filled,
    ),
    ...indexes.map(({ definition }) => inPeerSchema(definition, table)),
  ];
}

/** `CREATE TABLE` of the peers' copy. */
export function createTable(
  table: string,
  columns: readonly Column[],
  checks: readonly string[],
  filled: readonly string[],
): string {
  const lines = columns.map(
    ({ name, type, required }) => `${name} ${type}${required && filled.includes(name) ? ' NOT NULL' : ''}`,
  );
  return `CREATE TABLE ${PEER_SCHEMA}.${table} (${[...lines, ...checks].join(', ')})`;
}

/** An index's definition, as the catalogue tells it, for the peers' copy of its table. */
export function inPeerSchema(definition: string, table: string): string {
  return definition.replace(` ON public.${table} `, ` ON ${PEER_SCHEMA}.${table} `);
}
