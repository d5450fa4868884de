/** The use case behind `POST /v1/shocks/earthquakes`: every statement of a catalogue to its chain, once. */
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { digestOf, type Received } from '../intake/received.js';
import { TakeStatements, type StatementInHand } from '../intake/take-statements.js';
import type { Statement } from '../shocks/chain.rule.js';
import { ShockStore } from '../shocks/shock-store.js';
import { joiningStatement } from './join-intensity.rule.js';
import { QuakePlacesNow } from './quake-places-now.js';
import { quakeIdentity, quakeInHand, quakeKey, quakeNames } from './quake-statement.js';
import type { Quake } from './quake.js';
import { findSameEvent, timeNames, type SameEvent } from './same-event.js';
import { readQuakes, type ReadQuake } from './read-quakes.js';
import { unreadQuake } from './unread-quake.js';

export interface QuakeAnswers {
  readonly collection: boolean;
  readonly answers: readonly IntakeAnswer[];
}

/** Events of one transaction: with all their names few enough for single locks. */
const CHUNK = 12;

@Injectable()
export class TakeQuakes {
  constructor(
    private readonly database: Database,
    private readonly policy: PolicySet,
    private readonly places: QuakePlacesNow,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    private readonly statements: TakeStatements,
  ) {}

  /** Refusals as {@link readQuakes} has them. In a collection a feature that cannot be read waits in quarantine. */
  async take(body: unknown, received: Received): Promise<QuakeAnswers> {
    const { collection, features } = readQuakes(body, received.at);
    const answers: IntakeAnswer[] = [];
    for (const chunk of chunksOf(features))
      answers.push(
        ...(await this.database.transaction(cellScope('http:shocks'), (tx) => this.#takeChunk(tx, chunk, received))),
      );
    return { collection, answers };
  }

  async #takeChunk(tx: Tx, chunk: readonly ReadQuake[], received: Received): Promise<IntakeAnswer[]> {
    const quakes = chunk.flatMap((read) => ('quake' in read ? [read.quake] : []));
    const items = await this.#judge(tx, quakes, received);
    const answers = await this.statements.takeAll(
      tx,
      items.flatMap(({ item, joining }) => (joining === undefined ? [item] : [item, joining])),
    );
    // A statement that joins is nobody's message: its answer is left out.
    const own = items.flatMap(({ joining }) => (joining === undefined ? [true] : [true, false]));
    const taken = answers.filter((_, i) => own[i]).values();
    const result: IntakeAnswer[] = [];
    for (const read of chunk)
      result.push('quake' in read ? (taken.next().value as IntakeAnswer) : await this.#quarantine(tx, read, received));
    return result;
  }

  async #judge(tx: Tx, quakes: readonly Quake[], received: Received) {
    const names = quakes.flatMap(quakeNames);
    await this.shocks.lock(tx, [...quakes.map(quakeKey), ...names, ...quakes.flatMap(timeNames)]);
    const known = await this.messages.findAll(tx, quakes.map(quakeKey));
    const owned = await tx.query<{ identity: string; shock_id: string }>(
      'SELECT identity, shock_id FROM shock_identities WHERE identity = ANY ($1::text[])',
      [names],
    );
    const ownersOf = (quake: Quake): Set<string> => {
      const own = new Set(quakeNames(quake));
      return new Set(owned.filter(({ identity }) => own.has(identity)).map(({ shock_id }) => shock_id));
    };
    const elsewhere = new Map<Quake, SameEvent>();
    for (const quake of quakes.filter((each) => ownersOf(each).size === 0)) {
      const same = await findSameEvent(tx, quake, this.policy, this.messages);
      if (same !== undefined) elsewhere.set(quake, same);
    }
    // Names before rows, as every intake holds them.
    await this.shocks.lock(
      tx,
      [...elsewhere.values()].map(({ identity }) => identity),
    );
    const ids = [...owned.map(({ shock_id }) => shock_id), ...[...elsewhere.values()].map(({ shockId }) => shockId)];
    // The rows are held, too: a survey of the same shock comes before or after, never between.
    await this.shocks.findManyForUpdate(tx, ids);
    const said = await this.messages.statementsByShock(tx, [...new Set(ids)]);
    const context = { policy: this.policy, places: await this.places.get(tx) };
    return quakes.map((quake): { item: StatementInHand; joining?: StatementInHand } => {
      const same = elsewhere.get(quake);
      const shockIds = same === undefined ? [...ownersOf(quake)] : [same.shockId];
      const earlier: Statement[] = shockIds.flatMap((id) => said.get(id) ?? []);
      const item = quakeInHand(quake, earlier, context, received, same === undefined ? [] : [same.identity]);
      if (known.has(item.statement.key)) return { item };
      const joining = joiningStatement([...earlier, item.statement], quakeIdentity(quake.id));
      if (joining === undefined) return { item };
      const { basis: _, ...about } = item;
      return { item, joining: { ...about, statement: joining, recorded: false, problems: [] } };
    });
  }

  async #quarantine(
    tx: Tx,
    read: Exclude<ReadQuake, { readonly quake: Quake }>,
    received: Received,
  ): Promise<IntakeAnswer> {
    const { said, problems, raw } = unreadQuake(read);
    const digest = digestOf(raw);
    const key = `quake-digest:${digest.toString('hex')}`;
    await this.shocks.lock(tx, [key]);
    const known = await this.messages.find(tx, key);
    if (known !== null) return this.messages.repeat(tx, known, digest);
    const row = await this.messages.add(tx, {
      key,
      origin: 'quake',
      digest,
      received,
      outcome: 'quarantined',
      problems,
      shockId: null,
      said,
      raw,
    });
    return { shockId: null, outcome: 'quarantined', lane: null, problems, quarantineId: String(row.messageId) };
  }
}

/** In order; no event twice in one, under no name, since what is said of it later rests on what was said before. */
function chunksOf(features: readonly ReadQuake[]): ReadQuake[][] {
  const chunks: ReadQuake[][] = [];
  let names = new Set<string>();
  let chunk: ReadQuake[] = [];
  for (const read of features) {
    const own = 'quake' in read ? [...quakeNames(read.quake), ...timeNames(read.quake)] : [];
    if (chunk.length >= CHUNK || own.some((name) => names.has(name))) {
      chunks.push(chunk);
      [chunk, names] = [[], new Set()];
    }
    chunk.push(read);
    for (const name of own) names.add(name);
  }
  return chunk.length === 0 ? chunks : [...chunks, chunk];
}
