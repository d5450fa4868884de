import pg from 'pg';
import type { Scope } from './scope.js';

/** Settings of PostgreSQL for one transaction, by name: `{ lock_timeout: '10000ms' }`. */
export type LocalSettings = Readonly<Record<string, string>>;

/** One text that begins a transaction under a scope: whoever waits for a short one should not pay two ways to the server for that. */
export function beginUnder({ lo, hi, name }: Scope, settings: LocalSettings = {}): string {
  const all = {
    'fangpin.scope_lo': String(lo),
    'fangpin.scope_hi': String(hi),
    'fangpin.scope_name': name,
    ...settings,
  };
  const local = Object.entries(all).map(
    ([setting, value]) => `set_config(${pg.escapeLiteral(setting)}, ${pg.escapeLiteral(value)}, true)`,
  );
  return `START TRANSACTION; SELECT ${local.join(', ')}`;
}
