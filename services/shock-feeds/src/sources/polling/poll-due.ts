/** Polls what is due, a few sources at a time, and again a moment later. Without a declared source it does nothing at all. */
import { randomUUID } from 'node:crypto';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { LOGGER, Rounds, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DeclaredSources, type PolledDeclaration } from '../source-declaration.js';
import { leaseDue, leaseNow, type LeasedPoll } from './poll-rows.js';
import { PollSource, type PollOutcome } from './poll-source.js';

const AT_ONCE = 4;

@Injectable()
export class PollDue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly declared: DeclaredSources,
    private readonly source: PollSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#rounds = new Rounds(
      declared.lookEverySeconds * 1_000,
      () => this.pollDue(),
      (error) => log.warn({ err: error }, 'sources could not be polled; the next round tries again'),
    );
  }

  onApplicationBootstrap(): void {
    if (this.declared.polled.length > 0 && this.declared.lookEverySeconds > 0) this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Polls everything that is due now and that no other process polls; answers what became of each. */
  async pollDue(): Promise<Readonly<Record<string, PollOutcome>>> {
    const outcomes: Record<string, PollOutcome> = {};
    const names = this.declared.polled.map(({ name }) => name);
    if (names.length === 0) return outcomes;
    const worker = async (): Promise<void> => {
      for (;;) {
        const leased = await this.#lease((tx, lease) => leaseDue(tx, names, lease));
        const declaration = this.#find(leased?.name);
        if (leased === undefined || declaration === undefined) return;
        outcomes[leased.name] = await this.#poll(declaration, leased);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, names.length) }, worker));
    return outcomes;
  }

  /** Polls one source now, due or not, also while its circuit is open; undefined while another process polls it. */
  async pollNow(declaration: PolledDeclaration): Promise<PollOutcome | undefined> {
    const leased = await this.#lease((tx, lease) => leaseNow(tx, declaration.name, lease));
    return leased === undefined ? undefined : this.source.poll(declaration, leased, this.#rounds.signal);
  }

  /** A result that cannot be written stops no other source; the lease runs out, and what was taken answers `duplicate`. */
  async #poll(declaration: PolledDeclaration, leased: LeasedPoll): Promise<PollOutcome> {
    try {
      return await this.source.poll(declaration, leased, this.#rounds.signal);
    } catch (error) {
      this.log.warn({ err: error, source: leased.name }, 'the result of a poll could not be written');
      return 'failed';
    }
  }

  async #lease(take: (tx: Tx, lease: string) => Promise<LeasedPoll | undefined>): Promise<LeasedPoll | undefined> {
    if (this.#rounds.signal.aborted) return undefined;
    return this.database.transaction(cellScope('job:sources'), (tx) => take(tx, randomUUID()));
  }

  #find(name: string | undefined): PolledDeclaration | undefined {
    return this.declared.polled.find((source) => source.name === name);
  }
}
