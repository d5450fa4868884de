/** The rows of the loop peer as an ORM has them. Schemas instead of decorated classes: scripts run with their types stripped. */
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { alertColumns, caseColumns, PEER_SCHEMA } from './tables.ts';

type Row<Column extends string> = Record<Column, unknown>;
export type AlertRow = Row<(typeof alertColumns)[number]>;
export type CaseRow = Row<(typeof caseColumns)[number]>;

export interface ExposureRow {
  household_id: string;
  duty_code: string;
  per_capita_fen: string | null;
  persons: number;
  labourers: number;
  severely_disabled: number;
  monitoring: number;
  dwelling: number;
  only_dwelling: boolean;
  livelihoods: string[];
}

type Type = EntitySchemaColumnOptions['type'];

const OTHER_TYPES: Readonly<Record<string, Type>> = {
  persons: 'int',
  state: 'smallint',
  severity: 'smallint',
  reasons: 'smallint',
  alert_severity: 'smallint',
  alert_outcome: 'smallint',
  regime: 'smallint',
  acted: 'boolean',
  opened_at: 'timestamptz',
  due_at: 'timestamptz',
};

function columnsOf(names: readonly string[], primary: readonly string[]): Record<string, EntitySchemaColumnOptions> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        type: OTHER_TYPES[name] ?? 'bigint',
        primary: primary.includes(name),
        nullable: name.endsWith('_fen'),
        array: name === 'inputs',
      },
    ]),
  );
}

export const alertRows = new EntitySchema<AlertRow>({
  name: 'PeerAlert',
  tableName: 'alerts',
  schema: PEER_SCHEMA,
  columns: columnsOf(alertColumns, ['origin', 'household_id', 'revision']),
});

export const caseRows = new EntitySchema<CaseRow>({
  name: 'PeerCase',
  tableName: 'cases',
  schema: PEER_SCHEMA,
  columns: columnsOf(caseColumns, ['case_origin', 'household_id']),
});

/** The exposure that the services read, of its live set. */
export function exposureRows(set: string): EntitySchema<ExposureRow> {
  return new EntitySchema<ExposureRow>({
    name: 'Exposure',
    tableName: `exposure_${set}`,
    schema: 'public',
    columns: {
      household_id: { type: 'bigint', primary: true },
      duty_code: { type: 'bigint' },
      per_capita_fen: { type: 'bigint', nullable: true },
      persons: { type: 'int' },
      labourers: { type: 'int' },
      severely_disabled: { type: 'int' },
      monitoring: { type: 'smallint' },
      dwelling: { type: 'smallint' },
      only_dwelling: { type: 'boolean' },
      livelihoods: { type: 'bigint', array: true },
    },
  });
}
