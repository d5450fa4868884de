import { DomainError, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { PolledDeclaration } from '../source-declaration.js';
import type { FetchedDocument } from './fetch-document.js';
import { FeedIntakes, type FeedOutcome } from './feed-intakes.js';
import type { PollError } from './poll-rows.js';
import { keepRefusal } from './refusals.js';

export type DocumentOutcome =
  { readonly outcome: FeedOutcome } | { readonly outcome: 'refused'; readonly error: PollError };

/** Kinds of refusal that lie in the document; what passes by itself is a failed round instead, and is tried again. */
const OF_THE_DOCUMENT = new Set(['invalid', 'unsupported', 'too-large', 'conflict', 'not-found']);

/** Hands one fetched document to the use case of its format. */
@Injectable()
export class TakeDocument {
  constructor(
    private readonly database: Database,
    private readonly intakes: FeedIntakes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What is refused has been kept. Throws what is not the document's fault. */
  async take(
    sourceId: number,
    { name, format }: PolledDeclaration,
    { bytes, contentType }: FetchedDocument,
  ): Promise<DocumentOutcome> {
    const intake = this.intakes.find(format);
    if (intake === undefined) throw new Error(`no intake takes ${format}`);
    const received = { at: this.clock.now(), by: `source/${name}` };
    try {
      return { outcome: await intake.take({ source: name, bytes, contentType, received }) };
    } catch (refusal) {
      if (!isOfTheDocument(refusal)) throw refusal;
      return { outcome: 'refused', error: await this.keep(sourceId, { bytes, contentType }, refusal) };
    }
  }

  /** Keeps a refused document with the reason. */
  async keep(
    sourceId: number,
    { bytes, contentType }: Pick<FetchedDocument, 'bytes' | 'contentType'>,
    refusal: DomainError,
  ): Promise<PollError> {
    const error = { code: refusal.code, text: `内容未被接收，已留存：${refusal.message}` };
    await this.database.transaction(cellScope('job:sources'), (tx) =>
      keepRefusal(tx, { sourceId, bytes, contentType, error }),
    );
    return error;
  }
}

export function isOfTheDocument(error: unknown): error is DomainError {
  return error instanceof DomainError && OF_THE_DOCUMENT.has(error.kind);
}
