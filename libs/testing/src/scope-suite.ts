/**
 * What must hold of every table with household data (architecture §6), read from the database's own catalogue, so that a table
 * added later is held to it without anybody thinking of it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

export interface ScopedDatabase {
  /** Superuser's URL of the migrated database. */
  readonly adminUrl: string;
  /** The service's role. */
  readonly appUrl: string;
}

export interface ScopeSuiteOptions {
  /** Tables that name a household and yet are no household data, each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

interface ScopedTable {
  readonly name: string;
  readonly owner: string;
  readonly has_duty_code: boolean;
  readonly duty_type: string | null;
  readonly secured: boolean;
  readonly forced: boolean;
  readonly app_rights: readonly string[];
}

const TABLES = `
  SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced,
         bool_or(a.attname = 'duty_code') AS has_duty_code,
         max(format_type(a.atttypid, NULL)) FILTER (WHERE a.attname = 'duty_code') AS duty_type,
         ARRAY(SELECT right_name FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER','REFERENCES']) right_name
                WHERE has_table_privilege($1, c.oid, right_name)) AS app_rights
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
     AND a.attname IN ('household_id', 'duty_code')
   GROUP BY c.oid ORDER BY c.relname`;

const POLICIES = `
  SELECT tablename, policyname, permissive, cmd, coalesce(qual, '') AS qual, coalesce(with_check, '') AS with_check
    FROM pg_policies WHERE schemaname = 'public' AND tablename = $1`;

/** A table whose rows are only ever added: named so, and granted so. */
const APPEND_ONLY = /_(history|log)$/;
const RANGE = /scope_lo\(\).*scope_hi\(\)/s;

/**
 * Specs over every table that has a `household_id` or a `duty_code` column: row security on and forced, one policy on the
 * duty code both ways, a role that can neither own nor bypass, grants that fit. Call it once in a service's specs; `getDatabase`
 * is called after the spec file's own `beforeAll`.
 */
export function describeScopeOfTables(
  name: string,
  getDatabase: () => ScopedDatabase,
  { except = {} }: ScopeSuiteOptions = {},
): void {
  describe(`scope of ${name}`, () => {
    let admin: pg.Client;
    let app: pg.Client;
    let tables: readonly ScopedTable[];

    beforeAll(async () => {
      const { adminUrl, appUrl } = getDatabase();
      admin = await connected(adminUrl);
      app = await connected(appUrl);
      const { rows } = await admin.query<ScopedTable>(TABLES, [new URL(appUrl).username]);
      tables = rows.filter((table) => except[table.name] === undefined);
    });

    afterAll(async () => {
      await app?.end();
      await admin?.end();
    });

    it('finds tables with household data, and every exception still exists', async () => {
      expect(tables.length).toBeGreaterThan(0);
      for (const table of Object.keys(except)) {
        const { rows } = await admin.query('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
        expect([table, rows[0].there]).toEqual([table, true]);
      }
    });

    it('keeps a bigint duty code in every table that names a household', () => {
      expect(faulty(tables, (table) => table.has_duty_code && table.duty_type === 'bigint')).toEqual([]);
    });

    it('turns row security on and forces it on the owner too', () => {
      expect(faulty(tables, (table) => table.secured && table.forced)).toEqual([]);
    });

    it('holds reading and writing alike to the scope, by one policy a table', async () => {
      for (const { name: table } of tables) {
        const { rows } = await admin.query(POLICIES, [table]);
        expect([table, rows.length]).toEqual([table, 1]);
        expect(rows[0]).toMatchObject({ permissive: 'PERMISSIVE', cmd: 'ALL' });
        expect(rows[0].qual).toMatch(RANGE);
        expect(rows[0].with_check).toMatch(RANGE);
      }
    });

    it('runs the service under a role that owns no table and bypasses nothing', async () => {
      const { rows } = await app.query(
        'SELECT rolsuper, rolbypassrls, rolcreaterole, rolname FROM pg_roles WHERE rolname = current_user',
      );
      expect(rows[0]).toMatchObject({ rolsuper: false, rolbypassrls: false, rolcreaterole: false });
      expect(faulty(tables, (table) => table.owner !== rows[0].rolname)).toEqual([]);
      const { rows: memberships } = await app.query(
        "SELECT r.rolname FROM pg_roles r WHERE r.rolname <> current_user AND pg_has_role(current_user, r.oid, 'MEMBER')",
      );
      expect(memberships).toEqual([]);
    });

    it('lets the service neither truncate a table nor attach triggers to it', () => {
      const forbidden = ['TRUNCATE', 'TRIGGER', 'REFERENCES'];
      expect(faulty(tables, (table) => !table.app_rights.some((right) => forbidden.includes(right)))).toEqual([]);
    });

    it('lets the service only add to what is kept as history', () => {
      const histories = tables.filter((table) => APPEND_ONLY.test(table.name));
      expect(
        faulty(histories, (table) => !table.app_rights.some((right) => right === 'UPDATE' || right === 'DELETE')),
      ).toEqual([]);
    });

    it('raises when a query has no scope, on a fresh connection and on a reused one', async () => {
      const readable = tables.filter((table) => table.app_rights.includes('SELECT'));
      const queries = ['SELECT scope_lo()', 'SELECT scope_hi()', ...readable.map((table) => countOf(table.name))];
      for (const query of queries) {
        const client = await connected(getDatabase().appUrl);
        try {
          await expectNothingShown(client, query);
          await inScope(client, () => client.query(query));
          // A transaction's setting leaves an empty text behind on the pooled connection: it must not mean "everything".
          await expectNothingShown(client, query);
        } finally {
          await client.end();
        }
      }
    });

    /** PostgreSQL may evaluate a policy only when it meets the first row: an empty table may answer nothing instead of raising. */
    async function expectNothingShown(client: pg.Client, query: string): Promise<void> {
      const { rows } = await admin.query(query.startsWith('SELECT count') ? query : 'SELECT 1 AS count');
      if (Number(rows[0].count) > 0) await expect(client.query(query)).rejects.toThrow('no scope is set');
      else await client.query(query).catch((error: Error) => expect(error.message).toContain('no scope is set'));
    }
  });
}

const countOf = (table: string): string => `SELECT count(*) FROM ${table}`;

async function inScope(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await client.query('BEGIN');
  await client.query("SELECT set_config('fangpin.scope_lo', '0', true), set_config('fangpin.scope_hi', '1', true)");
  await work();
  await client.query('COMMIT');
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Names of the tables that do not hold the rule: an empty list reads better in a failure than a `false`. */
function faulty(tables: readonly ScopedTable[], rule: (table: ScopedTable) => boolean): string[] {
  return tables.filter((table) => !rule(table)).map((table) => table.name);
}
