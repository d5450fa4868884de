import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export interface MigrateSettings {
  /** Superuser's (or database owner's) URL of any database on the server. */
  readonly adminUrl: string;
  /** `household-registry`; the database becomes `fangpin_household_registry`. */
  readonly service: string;
  /** Folders with `NNNN-verb-what.sql`, run in this order after persistence's own. */
  readonly migrationsDirs: readonly string[];
  /** Password of the roles that this makes. */
  readonly password: string;
  /** Another name for the database, for tests. */
  readonly database?: string;
}

export interface MigratedDatabase {
  readonly database: string;
  /** The service's role: row-level security applies. */
  readonly appUrl: string;
  /** The bulk writer's role: bypasses row-level security, may only do what migrations grant (architecture §6). */
  readonly writerUrl: string;
  readonly applied: readonly string[];
}

const OWN_MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const IDENTIFIER = /^[a-z][a-z0-9_]{0,62}$/;

export function databaseName(service: string): string {
  return `fangpin_${service.replaceAll('-', '_')}`;
}

/** The three roles of a service; migrations name them as `:owner`, `:app` and `:writer`. */
export function rolesOf(service: string): { owner: string; app: string; writer: string } {
  const stem = service.replaceAll('-', '_');
  return { owner: `${stem}_owner`, app: `${stem}_app`, writer: `${stem}_writer` };
}

/** The URL with another database, user and password. */
export function urlFor(adminUrl: string, database: string, user?: string, password?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (user !== undefined) url.username = user;
  if (password !== undefined) url.password = encodeURIComponent(password);
  return url.toString();
}

/**
 * Makes a service's database and roles where they are missing and applies its SQL migrations, each once, each in its own
 * transaction, under a lock. Refuses when an applied file has changed since.
 */
export async function migrateService(settings: MigrateSettings): Promise<MigratedDatabase> {
  const database = settings.database ?? databaseName(settings.service);
  const roles = rolesOf(settings.service);
  for (const name of [database, ...Object.values(roles)])
    if (!IDENTIFIER.test(name)) throw new RangeError(`${name} is no usable database identifier`);
  await ensureRolesAndDatabase(settings, database, roles);
  const client = new pg.Client({ connectionString: urlFor(settings.adminUrl, database) });
  await client.connect();
  try {
    const applied = await applyAll(client, [OWN_MIGRATIONS, ...settings.migrationsDirs], roles);
    return {
      database,
      appUrl: urlFor(settings.adminUrl, database, roles.app, settings.password),
      writerUrl: urlFor(settings.adminUrl, database, roles.writer, settings.password),
      applied,
    };
  } finally {
    await client.end();
  }
}

type Roles = ReturnType<typeof rolesOf>;

async function ensureRolesAndDatabase(settings: MigrateSettings, database: string, roles: Roles): Promise<void> {
  const admin = new pg.Client({ connectionString: settings.adminUrl });
  await admin.connect();
  try {
    // Two processes may migrate at once: the lock lives on the server's default database.
    await admin.query("SELECT pg_advisory_lock(hashtext('fangpin-roles'))");
    const secret = pg.escapeLiteral(settings.password);
    for (const [role, options] of [
      [roles.owner, 'NOLOGIN NOBYPASSRLS'],
      [roles.app, `LOGIN NOBYPASSRLS PASSWORD ${secret}`],
      [roles.writer, `LOGIN BYPASSRLS PASSWORD ${secret}`],
    ] as const) {
      const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      await admin.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} ${options}`);
    }
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) {
      await admin.query(`CREATE DATABASE ${database} OWNER ${roles.owner}`);
      await admin.query(`REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`);
      await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${roles.app}, ${roles.writer}`);
    }
  } finally {
    await admin.end();
  }
}

async function applyAll(client: pg.Client, folders: readonly string[], roles: Roles): Promise<string[]> {
  await client.query("SELECT pg_advisory_lock(hashtext('fangpin-migrations'))");
  await client.query(`SET ROLE ${roles.owner}`);
  await client.query(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  await client.query(`GRANT USAGE ON SCHEMA public TO ${roles.app}, ${roles.writer}`);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM schema_migrations',
  );
  const known = new Map(rows.map((row) => [row.name, row.checksum]));
  const applied: string[] = [];
  for (const folder of folders) {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
    for (const file of files) {
      const text = await readFile(path.join(folder, file), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      const name = `${path.basename(path.dirname(folder))}/${file}`;
      if (known.get(name) === checksum) continue;
      if (known.has(name)) throw new Error(`migration ${name} was changed after it had been applied; write a new one`);
      await applyOne(client, name, checksum, text, roles);
      applied.push(name);
    }
  }
  return applied;
}

async function applyOne(client: pg.Client, name: string, checksum: string, text: string, roles: Roles): Promise<void> {
  const sql = text.replaceAll(/(?<![:\w]):(owner|app|writer)\b/g, (_, role: keyof Roles) => roles[role]);
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
