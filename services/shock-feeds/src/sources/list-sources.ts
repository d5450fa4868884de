/** Reads for people: sources with their standing, and what of one could not be taken. */
import { NotFound, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { CLOCK, page, readPage, type Caller, type Page, type PageQuery } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PollDue } from './polling/poll-due.js';
import type { PollOutcome } from './polling/poll-source.js';
import { SourceLog } from './source-log.js';
import { SourceStandings, type SourceStanding } from './source-standing.js';
import { viewOf } from './source-view.js';
import { SourceBusy, SourceNotPolled } from './sources.errors.js';

export type SourceView = ReturnType<typeof viewOf>;

export interface RefusalView {
  readonly id: string;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly times: number;
  readonly code: string;
  readonly detail: string;
  readonly contentType: string | null;
  readonly sizeBytes: number;
  readonly contentBase64: string;
}

/** Enough to see what it is; the rest stands in the database. */
const SHOWN_BYTES = 4_096;

@Injectable()
export class ListSources {
  constructor(
    private readonly database: Database,
    private readonly standings: SourceStandings,
    private readonly sources: SourceLog,
    private readonly polls: PollDue,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** By name. What was heard by this process a moment ago counts. */
  async page(query: PageQuery, { scope }: Caller): Promise<Page<SourceView>> {
    const { limit, after } = readPage(query);
    await this.sources.flush();
    const found = await this.database.transaction(scope, (tx) =>
      this.standings.at(tx, this.clock.now(), { after: String(after?.[0] ?? ''), limit: limit + 1 }),
    );
    return page(found.map(viewOf), limit, ({ name }) => [name]);
  }

  /** Fetches a polled source now. Refuses one that is unknown, pushed, switched off or being polled. */
  async pollNow(name: string, caller: Caller): Promise<SourceView & { outcome: PollOutcome }> {
    const { row, declared } = await this.#one(name, caller);
    if (row.mode === 'pushed') throw new SourceNotPolled(name, 'pushed');
    if (declared?.mode !== 'polled' || !declared.enabled) throw new SourceNotPolled(name, 'off');
    const outcome = await this.polls.pollNow(declared);
    if (outcome === undefined) throw new SourceBusy(name);
    await this.sources.flush();
    return { ...viewOf(await this.#one(name, caller)), outcome };
  }

  /** What was fetched and not taken, the latest first. */
  async refusalsOf(name: string, caller: Caller): Promise<{ items: RefusalView[] }> {
    const { row } = await this.#one(name, caller);
    const rows = await this.database.transaction(caller.scope, (tx) =>
      tx.query<RefusalRow>(
        `SELECT refusal_id, first_at, last_at, times, code, detail, content_type, size_bytes,
           substring(content FOR ${SHOWN_BYTES}) AS content
         FROM source_refusals WHERE source_id = $1 ORDER BY last_at DESC, refusal_id DESC`,
        [row.source_id],
      ),
    );
    return { items: rows.map(refusalView) };
  }

  async #one(name: string, { scope }: Caller): Promise<SourceStanding> {
    const [found] = await this.database.transaction(scope, (tx) => this.standings.at(tx, this.clock.now(), { name }));
    if (found === undefined) throw new NotFound('source', name);
    return found;
  }
}

interface RefusalRow {
  refusal_id: number;
  first_at: Date;
  last_at: Date;
  times: number;
  code: string;
  detail: string;
  content_type: string | null;
  size_bytes: number;
  content: Buffer;
}

function refusalView(row: RefusalRow): RefusalView {
  return {
    id: String(row.refusal_id),
    firstAt: toBeijingTime(row.first_at),
    lastAt: toBeijingTime(row.last_at),
    times: row.times,
    code: row.code,
    detail: row.detail,
    contentType: row.content_type,
    sizeBytes: row.size_bytes,
    contentBase64: row.content.toString('base64'),
  };
}
