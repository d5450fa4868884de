/** One round of one source, under its lease: fetch, take, and only then remember what was fetched. */
import type { CircuitBreakerPolicy } from 'cockatiel';
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { digestOf } from '../../intake/received.js';
import type { PolledDeclaration } from '../source-declaration.js';
import { SourceLog } from '../source-log.js';
import { circuitFrom, circuitState, isOpen } from './circuit.js';
import { FetchFailed, fetchDocument, type FetchedDocument } from './fetch-document.js';
import { finishPoll, giveBack, LEASE_SECONDS, renewLease, type LeasedPoll, type PollError } from './poll-rows.js';
import { secondsAfterFailure, secondsAfterSuccess } from './poll-schedule.rule.js';
import { isOfTheDocument, TakeDocument } from './take-document.js';
import { TakeIndex } from './take-index.js';

export const pollOutcomes = ['taken', 'unchanged', 'held-back', 'refused', 'failed', 'lease-lost', 'stopped'] as const;
/** `lease-lost`: another process has the source now, and nothing of this round was written. */
export type PollOutcome = (typeof pollOutcomes)[number];

interface Round {
  readonly outcome: 'taken' | 'unchanged' | 'held-back' | 'refused' | 'failed';
  readonly heard: boolean;
  /** The document to be remembered; absent while anything of it has not been taken. */
  readonly remember?: FetchedDocument;
  readonly error?: PollError;
  readonly retryAfterSeconds?: number;
}

/** Must be shown again until it is believed, so it is not remembered. */
const heldBack: PollError = { code: 'SOURCE.HELD_BACK', text: '名单比上一份小得多或更旧，暂不采信' };

@Injectable()
export class PollSource {
  constructor(
    private readonly database: Database,
    private readonly documents: TakeDocument,
    private readonly indexes: TakeIndex,
    private readonly sources: SourceLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Never throws for what the other side does or sends; throws where the result cannot be written. */
  async poll(declaration: PolledDeclaration, leased: LeasedPoll, stop: AbortSignal): Promise<PollOutcome> {
    const lost = new AbortController();
    const heartbeat = setInterval(() => void this.#renew(leased, lost), (LEASE_SECONDS * 1_000) / 3).unref();
    const circuit = circuitFrom(leased.circuit);
    try {
      const round = await this.#round(declaration, leased, circuit, AbortSignal.any([stop, lost.signal]));
      if (round.heard) this.sources.heard(declaration.name, this.clock.now());
      return await this.#finish(declaration, leased, circuit, round);
    } catch (error) {
      if (lost.signal.aborted) return 'lease-lost';
      if (!stop.aborted) throw error;
      await this.database.transaction(cellScope('job:sources'), (tx) => giveBack(tx, leased));
      return 'stopped';
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #round(
    declaration: PolledDeclaration,
    leased: LeasedPoll,
    circuit: CircuitBreakerPolicy,
    signal: AbortSignal,
  ): Promise<Round> {
    try {
      const { url, headers } = declaration;
      const fetched = await circuit.execute(() =>
        fetchDocument({ url, headers, validators: leased.validators, signal }),
      );
      // Not every server knows conditions: the same bytes again are no news either.
      if (fetched === undefined) return { outcome: 'unchanged', heard: false };
      if (leased.contentDigest?.equals(digestOf(fetched.bytes)))
        return { outcome: 'unchanged', heard: false, remember: fetched };
      if (declaration.format !== 'cap-feed') {
        const done = await this.documents.take(leased.sourceId, declaration, fetched);
        if (done.outcome === 'refused') return { ...done, heard: false };
        if (done.outcome === 'held-back') return { ...done, heard: true, error: heldBack };
        return { ...done, heard: true, remember: fetched };
      }
      return await this.#index({ declaration, leased, circuit, signal }, fetched);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FetchFailed)
        return {
          outcome: 'failed',
          heard: false,
          error: { code: error.code, text: error.text },
          retryAfterSeconds: error.retryAfterSeconds,
        };
      this.log.warn({ err: error, source: declaration.name }, 'a fetched document could not be stored; fetched again');
      return {
        outcome: 'failed',
        heard: false,
        error: { code: 'SOURCE.NOT_STORED', text: '内容未能入库，将重新抓取' },
      };
    }
  }

  async #index(round: Parameters<TakeIndex['take']>[0], index: FetchedDocument): Promise<Round> {
    try {
      const { taken, more, error, failure } = await this.indexes.take(round, index);
      const heard = taken > 0;
      // Where anything is left over the index is fetched again, whatever its validators say.
      if (error === undefined)
        return { outcome: heard ? 'taken' : 'unchanged', heard, ...(more ? {} : { remember: index }) };
      const retryAfterSeconds = failure?.retryAfterSeconds ?? 0;
      return { outcome: failure === undefined ? 'refused' : 'failed', heard, error, retryAfterSeconds };
    } catch (refusal) {
      if (!isOfTheDocument(refusal)) throw refusal;
      const error = await this.documents.keep(round.leased.sourceId, index, refusal);
      return { outcome: 'refused', heard: false, error };
    }
  }

  async #finish(
    { name, everySeconds }: PolledDeclaration,
    leased: LeasedPoll,
    circuit: CircuitBreakerPolicy,
    { outcome, remember, error, retryAfterSeconds = 0 }: Round,
  ): Promise<PollOutcome> {
    const failures = outcome === 'failed' ? leased.failures + 1 : 0;
    const circuitOpen = isOpen(circuit);
    const chance = Math.random();
    const nextInSeconds =
      outcome === 'failed'
        ? secondsAfterFailure({ failures, circuitOpen, retryAfterSeconds }, chance)
        : secondsAfterSuccess(everySeconds, chance);
    const { etag, lastModified, bytes } = remember ?? {};
    const written = await this.database.transaction(cellScope('job:sources'), (tx) =>
      finishPoll(tx, leased, {
        nextInSeconds,
        failures,
        circuit: circuitState(circuit),
        circuitOpen,
        error: error ?? null,
        fetched: outcome !== 'failed',
        ...(bytes === undefined ? {} : { taken: { etag, lastModified, digest: digestOf(bytes) } }),
      }),
    );
    if (error !== undefined)
      this.log.warn({ source: name, outcome, code: error.code, failures }, 'a source was polled in vain');
    return written ? outcome : 'lease-lost';
  }

  async #renew(leased: LeasedPoll, lost: AbortController): Promise<void> {
    try {
      const mine = await this.database.transaction(cellScope('job:sources'), (tx) => renewLease(tx, leased));
      if (!mine) lost.abort();
    } catch (error) {
      // The next beat tries again; should the lease run out meanwhile, the result is not written.
      this.log.warn({ err: error, source: leased.name }, 'the lease of a source could not be renewed');
    }
  }
}
