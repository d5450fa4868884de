/** The chains that a set of messages touches, in memory while they are placed. */
import type { Tx } from '@fangpin/persistence';
import type { Statement } from '../shocks/chain.rule.js';
import type { ShockStore } from '../shocks/shock-store.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import type { ShockMessageEntity } from '../shocks/shock-message.entity.js';
import type { IntakeAnswer } from './answer.js';
import { aliasesOf, ownersOf, type AliasRow, type OwnedRow } from './chain-names.js';
import type { MessageStore } from './message-store.js';
import type { StatementInHand } from './statement-in-hand.js';

export interface Chain {
  shock: ShockEntity;
  readonly statements: Statement[];
}

export class Chains {
  readonly #byShock = new Map<string, Chain>();
  readonly #byIdentity = new Map<string, string>();
  readonly #aliases = new Map<string, { readonly origin: string; readonly shockId: string }[]>();
  readonly #newIdentities = new Map<string, string>();
  readonly #newAliases: AliasRow[] = [];
  readonly #mergedInto = new Map<string, string>();

  private constructor() {}

  /** Shocks of all names of the messages, and of those that are repeats, locked until the transaction ends. */
  static async load(
    tx: Tx,
    shocks: ShockStore,
    messages: MessageStore,
    items: readonly StatementInHand[],
    repeats: readonly ShockMessageEntity[],
  ): Promise<Chains> {
    const chains = new Chains();
    const identities = items.flatMap(({ statement }) => [statement.identity, ...statement.references]);
    const names = items.flatMap(({ statement }) => statement.aliases ?? []);
    const repeated = repeats.flatMap(({ shockId }) => shockId ?? []);
    const shocksOf = (owned: readonly OwnedRow[], aliases: readonly AliasRow[]): string[] => [
      ...new Set([...owned, ...aliases].map(({ shock_id }) => shock_id)),
    ];
    let owned = await ownersOf(tx, identities);
    let aliases = await aliasesOf(tx, names);
    let locked = await shocks.findManyForUpdate(tx, [...shocksOf(owned, aliases), ...repeated]);
    // Another chain may have been merged in before the rows were ours: then its shock is to be locked as well. Names without
    // a shock get none meanwhile, since we hold them.
    while (locked.length > 0) {
      const known = new Set(locked.map(({ shockId }) => shockId));
      owned = await ownersOf(tx, identities);
      aliases = await aliasesOf(tx, names);
      const more = shocksOf(owned, aliases).filter((id) => !known.has(id));
      if (more.length === 0) break;
      locked = [...locked, ...(await shocks.findManyForUpdate(tx, more))];
    }
    for (const { identity, shock_id } of owned) chains.#byIdentity.set(identity, shock_id);
    for (const row of aliases) chains.#knowAlias(row);
    // Only now: what another transaction said of these shocks under other names is committed.
    const statements = await messages.statementsByShock(tx, shocksOf(owned, aliases));
    for (const shock of locked)
      chains.#byShock.set(shock.shockId, { shock, statements: statements.get(shock.shockId) ?? [] });
    return chains;
  }

  /** The chains that a message belongs to, the oldest first: by what it names, else by what another feed calls it. */
  ownersOf({ statement, origin }: StatementInHand): Chain[] {
    const named = [statement.identity, ...statement.references].flatMap((name) => this.#byIdentity.get(name) ?? []);
    const ids = named.length > 0 ? named : this.#aliasOwner(statement, origin);
    return [...new Set(ids)]
      .map((id) => this.#byShock.get(id) as Chain)
      .sort((a, b) => numberOf(a.shock) - numberOf(b.shock));
  }

  /** The latest shock of another feed that has no message of this one under the name yet. */
  #aliasOwner({ aliases }: Statement, origin: string): string[] {
    for (const alias of aliases ?? []) {
      const rows = this.#aliases.get(alias) ?? [];
      const own = new Set(rows.filter((row) => row.origin === origin).map(({ shockId }) => shockId));
      const candidates = rows
        .filter(({ shockId }) => !own.has(shockId))
        .flatMap(({ shockId }) => this.#byShock.get(this.#resolve(shockId)) ?? [])
        .filter(({ shock }) => shock.mergedInto === null && shock.state !== 'cancelled');
      const last = candidates.sort((a, b) => numberOf(a.shock) - numberOf(b.shock)).at(-1);
      if (last !== undefined) return [last.shock.shockId];
    }
    return [];
  }

  /** The statement belongs to the chain from now on, under all its names. */
  join({ statement, origin }: StatementInHand, known: Chain | undefined, shock: ShockEntity): Chain {
    const chain = known ?? { shock, statements: [] };
    chain.shock = shock;
    chain.statements.push(statement);
    this.#byShock.set(shock.shockId, chain);
    for (const identity of [statement.identity, ...statement.references]) {
      if (this.#byIdentity.has(identity)) continue;
      this.#byIdentity.set(identity, shock.shockId);
      this.#newIdentities.set(identity, shock.shockId);
    }
    for (const alias of statement.aliases ?? []) {
      const row = { alias, origin, shock_id: shock.shockId };
      this.#newAliases.push(row);
      this.#knowAlias(row);
    }
    return chain;
  }

  /** All names and statements of one chain are another's. */
  merge(other: Chain, into: Chain, ended: ShockEntity): void {
    const from = other.shock.shockId;
    other.shock = ended;
    this.#mergedInto.set(from, into.shock.shockId);
    into.statements.push(...other.statements.splice(0));
    for (const [identity, id] of this.#byIdentity) if (id === from) this.#byIdentity.set(identity, into.shock.shockId);
  }

  shockOf(shockId: string | null): ShockEntity | null {
    return shockId === null ? null : (this.#byShock.get(this.#resolve(shockId))?.shock ?? null);
  }

  /** Where a shock answered earlier in the set stands now. */
  now(shockId: string | null): Pick<IntakeAnswer, 'shockId' | 'lane'> {
    const shock = this.shockOf(shockId);
    return { shockId: shock?.shockId ?? null, lane: shock?.lane ?? null };
  }

  /** After the shocks themselves are written. */
  async flush(tx: Tx): Promise<void> {
    for (const [from, into] of this.#mergedInto) {
      const moved = [from, this.#resolve(into)];
      await tx.query('UPDATE shock_identities SET shock_id = $2 WHERE shock_id = $1', moved);
      await tx.query('UPDATE shock_messages SET shock_id = $2 WHERE shock_id = $1', moved);
    }
    if (this.#newIdentities.size > 0)
      await tx.query(
        `INSERT INTO shock_identities (identity, shock_id) SELECT * FROM unnest($1::text[], $2::uuid[])
         ON CONFLICT (identity) DO NOTHING`,
        [[...this.#newIdentities.keys()], [...this.#newIdentities.values()].map((id) => this.#resolve(id))],
      );
    if (this.#newAliases.length > 0)
      await tx.query(
        `INSERT INTO shock_aliases (alias, origin, shock_id) SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[])
         ON CONFLICT DO NOTHING`,
        [
          this.#newAliases.map(({ alias }) => alias),
          this.#newAliases.map(({ origin }) => origin),
          this.#newAliases.map(({ shock_id }) => this.#resolve(shock_id)),
        ],
      );
  }

  #resolve(shockId: string): string {
    const into = this.#mergedInto.get(shockId) ?? this.#byShock.get(shockId)?.shock.mergedInto ?? undefined;
    return into === undefined || into === null ? shockId : this.#resolve(into);
  }

  #knowAlias({ alias, origin, shock_id }: AliasRow): void {
    const rows = this.#aliases.get(alias) ?? [];
    this.#aliases.set(alias, [...rows, { origin, shockId: shock_id }]);
  }
}

/** Order of arrival; what is new in this set has no number yet and comes last. */
function numberOf({ shockNo }: ShockEntity): number {
  return shockNo === 0 ? Number.MAX_SAFE_INTEGER : Number(shockNo);
}
