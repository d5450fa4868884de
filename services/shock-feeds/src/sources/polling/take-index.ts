/** The documents that an index of CAP links names, each fetched once. */
import type { CircuitBreakerPolicy } from 'cockatiel';
import { cellScope, Database } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { decodeXmlBytes } from '../../cap/decode-xml-bytes.js';
import { charsetOf } from '../../intake/bodies.js';
import { digestOf } from '../../intake/received.js';
import type { PolledDeclaration } from '../source-declaration.js';
import { refusalOfUrl } from '../read-declarations.js';
import { readCapIndex, type IndexEntry } from './cap-index.js';
import { isOpen } from './circuit.js';
import { FetchFailed, fetchDocument, type FetchedDocument } from './fetch-document.js';
import type { LeasedPoll, PollError } from './poll-rows.js';
import { TakeDocument } from './take-document.js';

export interface IndexRound {
  readonly declaration: PolledDeclaration;
  readonly leased: LeasedPoll;
  readonly circuit: CircuitBreakerPolicy;
  readonly signal: AbortSignal;
}

export interface IndexTaken {
  /** Documents that were taken in this round. */
  readonly taken: number;
  /** The index names more than one round fetches. */
  readonly more: boolean;
  /** The last thing that went wrong. */
  readonly error?: PollError;
  /** The last request that failed, for the back-off. */
  readonly failure?: FetchFailed;
}

/** A round must end: what is beyond this waits for the next one. */
const MAX_DOCUMENTS_A_ROUND = 200;

@Injectable()
export class TakeIndex {
  constructor(
    private readonly database: Database,
    private readonly documents: TakeDocument,
  ) {}

  /** Throws a refusal where the index itself cannot be read. */
  async take(round: IndexRound, index: FetchedDocument): Promise<IndexTaken> {
    const entries = readCapIndex(decodeXmlBytes(index.bytes, charsetOf(index.contentType)));
    const fresh = await this.#notYetTaken(round.leased.sourceId, entries);
    let result: IndexTaken = { taken: 0, more: fresh.length > MAX_DOCUMENTS_A_ROUND };
    for (const entry of fresh.slice(0, MAX_DOCUMENTS_A_ROUND)) {
      result = { ...result, ...(await this.#takeOne(round, entry, result)) };
      if (isOpen(round.circuit)) break;
    }
    return result;
  }

  async #takeOne(round: IndexRound, entry: IndexEntry, before: IndexTaken): Promise<Partial<IndexTaken>> {
    const { declaration, leased, circuit, signal } = round;
    const url = allowed(entry.link, declaration);
    if (url === undefined) return { error: foreignLink };
    let document: FetchedDocument | undefined;
    try {
      const headers = url.host === declaration.url.host ? declaration.headers : {};
      document = await circuit.execute(() => fetchDocument({ url, headers, signal }));
    } catch (error) {
      if (!(error instanceof FetchFailed)) throw error;
      return { error: { code: error.code, text: error.text }, failure: error };
    }
    if (document === undefined) return {};
    const done = await this.documents.take(leased.sourceId, declaration, document);
    if (done.outcome === 'refused') return { error: done.error };
    await this.database.transaction(cellScope('job:sources'), (tx) =>
      tx.execute(
        'INSERT INTO source_entries (source_id, entry, seen_at) VALUES ($1, $2, clock_timestamp()) ON CONFLICT DO NOTHING',
        [leased.sourceId, digestOf(entry.key)],
      ),
    );
    return { taken: before.taken + 1 };
  }

  /** Forgets, after a while, what the index no longer names. */
  async #notYetTaken(sourceId: number, entries: readonly IndexEntry[]): Promise<IndexEntry[]> {
    const named = entries.map((entry) => ({ entry, digest: digestOf(entry.key) }));
    const known = await this.database.transaction(cellScope('job:sources'), async (tx) => {
      const rows = await tx.query<{ entry: Buffer }>(
        `UPDATE source_entries SET seen_at = clock_timestamp() WHERE source_id = $1 AND entry = ANY($2) RETURNING entry`,
        [sourceId, named.map(({ digest }) => digest)],
      );
      await tx.execute(`DELETE FROM source_entries WHERE source_id = $1 AND seen_at < now() - interval '30 days'`, [
        sourceId,
      ]);
      return new Set(rows.map(({ entry }) => entry.toString('hex')));
    });
    return named.filter(({ digest }) => !known.has(digest.toString('hex'))).map(({ entry }) => entry);
  }
}

const foreignLink: PollError = { code: 'SOURCE.LINK_REFUSED', text: '目录中的链接指向未声明的主机，未抓取' };

/** An index is foreign text: it may lead to its own host and to hosts that the operator named, nowhere else. */
function allowed(link: string, { url: index, linkHosts }: PolledDeclaration): URL | undefined {
  const url = URL.canParse(link, index.href) ? new URL(link, index) : undefined;
  if (url === undefined || refusalOfUrl(url) !== undefined) return undefined;
  return url.host === index.host || linkHosts.includes(url.host) ? url : undefined;
}
