/**
 * What all work on episodes has in common: something happens to some households of the book, what changed of them is stored, and what their
 * troubles are together is looked at. In one transaction, on the connections of episodes.
 */
import { shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { cellScope, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { JudgeJointRisks } from '../joint/judge-joint-risks.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { openBook, storeBook, type BookedHousehold } from './episode-book.js';
import { livesOn } from './episode-lives.js';
import { EpisodePool } from './episode-pool.js';

/** By household. */
type Book = ReadonlyMap<number, BookedHousehold>;

@Injectable()
export class KeepBook {
  constructor(
    private readonly pool: EpisodePool,
    private readonly policies: PolicyVersions,
    private readonly jointRisks: JudgeJointRisks,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.pool.database.transaction(cellScope('job:episodes', this.env.cellRegion), work);
  }

  /**
   * `dutyOf`: where each of the households is now. What `happens` does so under the lock of the book: nobody else answers anything meanwhile.
   * It may be nothing: what the troubles are together is looked at in any case.
   */
  async at(
    tx: Tx,
    dutyOf: ReadonlyMap<number, number>,
    happens: (book: Book, now: Date) => void | Promise<void> = () => undefined,
  ): Promise<void> {
    const now = this.clock.now();
    const lives = livesOn(this.policies.current, shanghaiDay(now));
    const book = await openBook(tx, dutyOf, lives, now);
    await happens(book, now);
    await storeBook(tx, book.values(), lives);
    await this.jointRisks.execute(tx, book.values(), now);
  }
}
