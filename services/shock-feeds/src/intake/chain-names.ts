/** Under which names shocks are known: by what messages call themselves, and by what other feeds would call them. */
import type { Tx } from '@fangpin/persistence';

export type OwnedRow = { readonly identity: string; readonly shock_id: string };
export type AliasRow = { readonly alias: string; readonly origin: string; readonly shock_id: string };

export function ownersOf(tx: Tx, identities: readonly string[]): Promise<OwnedRow[]> {
  return tx.query<OwnedRow>('SELECT identity, shock_id FROM shock_identities WHERE identity = ANY ($1::text[])', [
    identities,
  ]);
}

export async function aliasesOf(tx: Tx, names: readonly string[]): Promise<AliasRow[]> {
  if (names.length === 0) return [];
  return tx.query<AliasRow>('SELECT alias, origin, shock_id FROM shock_aliases WHERE alias = ANY ($1::text[])', [
    names,
  ]);
}
