/**
 * Shocks that change in one transaction: each change is made in memory, where the next one sees it, and all are written
 * together, so that a thousand warnings take as many statements as one.
 */
import { topics } from '@fangpin/contracts';
import { nextRevision } from '@fangpin/domain-kit';
import { encodeEvent, type Outbox, type OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { currentTraceparent } from '@fangpin/service-kit';
import { isDeepStrictEqual } from 'node:util';
import { shockEvent } from './shock-event.js';
import { rowOf, type ShockDraft } from './shock-draft.js';
import type { ShockEntity, ShockOrigin } from './shock.entity.js';
import { shockView } from './shock-view.js';
import { stepOf, type Step } from './step.rule.js';

export interface NewShock {
  readonly shockId: string;
  readonly identity: string;
  readonly origin: ShockOrigin;
}

export interface Change {
  readonly at: Date;
  /** What it is to a shock that is new; that of a later revision shows in the change itself. */
  readonly cause: 'accepted' | 'updated' | 'ended' | 'cancelled' | 'recorded' | 'rejudged';
  /** Followers hear of it; once they know a shock they hear of every change. */
  readonly publish: boolean;
  /** The policy application that asks for it: it stands in the history, and followers may take their time. */
  readonly applicationId?: string;
}

interface RevisionRow {
  readonly shock_id: string;
  readonly revision: number;
  readonly at: string;
  readonly cause: Step;
  readonly published: boolean;
  readonly shock: object;
  readonly application_id: string | null;
}

export class ShockWrites {
  readonly #changed = new Map<string, ShockEntity>();
  readonly #revisions: RevisionRow[] = [];
  readonly #messages: OutgoingMessage[] = [];

  constructor(
    private readonly tx: Tx,
    private readonly epoch: number,
    private readonly outbox: Outbox,
  ) {}

  create(born: NewShock, draft: ShockDraft, change: Change): ShockEntity {
    const revision = nextRevision(this.epoch, undefined);
    // The row's number is given by the database.
    const shock: ShockEntity = {
      ...born,
      ...rowOf(draft),
      shockNo: 0,
      revision,
      published: false,
      createdAt: change.at,
      updatedAt: change.at,
    };
    return this.#put(shock, change, change.cause);
  }

  /** A new revision, unless nothing about the shock has changed. */
  change(shock: ShockEntity, draft: ShockDraft, change: Change): ShockEntity {
    const next = rowOf(draft);
    const same = (Object.keys(next) as (keyof typeof next)[]).every((key) => isDeepStrictEqual(next[key], shock[key]));
    if (same && (shock.published || !change.publish)) return shock;
    const kept = change.cause === 'recorded' || (change.cause === 'rejudged' && next.state === shock.state);
    const cause = kept ? change.cause : stepOf(shock, next);
    return this.#put({ ...shock, ...next, revision: nextRevision(this.epoch, shock.revision) }, change, cause);
  }

  #put(shock: ShockEntity, change: Change, cause: Step): ShockEntity {
    const row: ShockEntity = { ...shock, published: change.publish || shock.published, updatedAt: change.at };
    this.#changed.set(row.shockId, row);
    this.#revisions.push({
      shock_id: row.shockId,
      revision: row.revision,
      at: change.at.toISOString(),
      cause,
      published: row.published,
      shock: shockView(row),
      application_id: change.applicationId ?? null,
    });
    if (row.published) {
      const traceparent = currentTraceparent();
      this.#messages.push(
        encodeEvent(topics.shock, shockEvent(row, change.applicationId !== undefined), {
          key: row.shockId,
          at: change.at,
          ...(traceparent === undefined ? {} : { traceparent }),
        }),
      );
    }
    return row;
  }

  /** Writes all that was changed; the rows handed out by `create` get their numbers. */
  async flush(): Promise<void> {
    if (this.#changed.size === 0) return;
    const rows = [...this.#changed.values()];
    const numbers = await this.tx.query<{ shock_id: string; shock_no: number }>(UPSERT, [
      JSON.stringify(rows.map(sqlRow)),
    ]);
    for (const { shock_id, shock_no } of numbers) {
      const row = this.#changed.get(shock_id);
      if (row !== undefined) row.shockNo = shock_no;
    }
    await this.tx.query(
      `INSERT INTO shock_revisions (shock_id, revision, at, cause, published, shock, application_id)
       SELECT shock_id, revision, at, cause, published, shock, application_id
       FROM jsonb_to_recordset($1::jsonb) AS new (shock_id uuid, revision bigint, at timestamptz, cause text,
         published boolean, shock jsonb, application_id uuid)`,
      [JSON.stringify(this.#revisions)],
    );
    // The outbox keeps the list until it is published.
    await this.outbox.add(this.tx, topics.shock, this.#messages.splice(0));
    this.#changed.clear();
    this.#revisions.length = 0;
  }
}

const COLUMNS = {
  shock_id: 'shockId',
  identity: 'identity',
  revision: 'revision',
  origin: 'origin',
  kind: 'kind',
  level: 'level',
  observed: 'observed',
  lane: 'lane',
  state: 'state',
  regions: 'regions',
  onset: 'onset',
  expires: 'expires',
  ends_due_at: 'endsDueAt',
  headline: 'headline',
  source: 'source',
  policy_version: 'policyVersion',
  judged_on: 'judgedOn',
  damage: 'damage',
  price: 'price',
  facts: 'facts',
  ended_by: 'endedBy',
  ended_at: 'endedAt',
  cancelled_by: 'cancelledBy',
  cancel_reason: 'cancelReason',
  merged_into: 'mergedInto',
  published: 'published',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
} as const satisfies Record<string, keyof ShockEntity>;

const names = Object.keys(COLUMNS);
const kept = new Set(['shock_id', 'identity', 'origin', 'created_at']);
const UPSERT = `INSERT INTO shocks (${names.join(', ')})
  SELECT ${names.join(', ')} FROM jsonb_populate_recordset(NULL::shocks, $1::jsonb)
  ON CONFLICT (shock_id) DO UPDATE SET
  ${names
    .filter((name) => !kept.has(name))
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}
  RETURNING shock_id, shock_no`;

function sqlRow(shock: ShockEntity): Record<string, unknown> {
  return Object.fromEntries(Object.entries(COLUMNS).map(([column, key]) => [column, shock[key]]));
}
