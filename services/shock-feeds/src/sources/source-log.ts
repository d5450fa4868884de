/**
 * Who was heard when. Kept in memory and written every few seconds, one row a source, so that it costs an intake nothing;
 * a process that is killed forgets at most these seconds, and the next word mends that.
 */
import { cellScope, Database } from '@fangpin/persistence';
import { LOGGER, withNewContext, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Channel } from './channels.js';
import { DeclaredSources } from './source-declaration.js';
import { nameOfAccount, storeHearing, type Hearing } from './source-rows.js';

const FLUSH_AFTER_MS = 3_000;

@Injectable()
export class SourceLog implements BeforeApplicationShutdown {
  #heard = new Map<string, Hearing>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly declared: DeclaredSources,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** A word of an account through an intake. */
  heardFrom(account: string, channel: Channel, at: Date): void {
    const declared = this.declared.findAccount(account, channel);
    if (declared !== undefined) this.heard(declared.name, at);
    else this.#note(nameOfAccount(account, channel), { account, channel }, at);
  }

  /** A word of a declared source. */
  heard(name: string, at: Date): void {
    this.#note(name, { name }, at);
  }

  /** Writes what is known; one after the other. What cannot be written is kept for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => withNewContext(() => this.#write()));
    return this.#writing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
    // Requests that are still answered now are not worth a write of their own.
    clearTimeout(this.#timer);
  }

  #note(key: string, source: Hearing['source'], at: Date): void {
    const known = this.#heard.get(key);
    const first = known !== undefined && known.first < at ? known.first : at;
    const last = known !== undefined && known.last > at ? known.last : at;
    this.#heard.set(key, { source, first, last });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  async #write(): Promise<void> {
    const batch = this.#heard;
    if (batch.size === 0) return;
    this.#heard = new Map();
    // In one order everywhere, so that two instances do not wait for each other.
    const hearings = [...batch.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    try {
      await this.database.transaction(cellScope('job:sources'), async (tx) => {
        for (const [, hearing] of hearings) await storeHearing(tx, hearing);
      });
    } catch (error) {
      this.log.warn({ err: error, sources: batch.size }, 'what was heard could not be written; tried again');
      for (const [key, { source, first, last }] of hearings)
        for (const at of [first, last]) this.#note(key, source, at);
    }
  }
}
