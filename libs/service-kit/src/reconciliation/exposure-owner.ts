/**
 * What a service does whose rows the exposure of risk-alerts copies (docs/adr/0032): it answers which villages differ, with all
 * that it holds there, and says rows again when it is asked to.
 */
import {
  topics,
  villagesThatDiffer,
  type ExposureQuestion,
  type ExposureSubject,
  type VillageTallies,
} from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { HeldVillages, TownshipVillageTally } from './held-villages.js';

interface Found {
  readonly townships?: string[];
  readonly households?: number;
  readonly villages?: bigint[];
  readonly householdIds?: bigint[];
  readonly hashes?: bigint[];
  readonly recentIds?: bigint[];
  readonly more?: boolean;
}

/** The members of the owner's own message, whatever it is called. */
export type OwnerAnswer = Found & Pick<ExposureQuestion, 'reconciliation' | 'round' | 'township'>;

/** Households listed in one answer, some twelve bytes each. */
const LISTED = 10_000;

export abstract class ExposureOwner implements EventHandler<ExposureQuestion> {
  readonly topic = topics.exposureQuestion;

  protected abstract readonly subject: ExposureSubject;
  protected abstract readonly held: HeldVillages;

  /** Publishes the last revisions of these again, in the transaction given. */
  protected abstract sayAgain(tx: Tx, householdIds: readonly number[]): Promise<void>;
  /** Publishes the answer, in the transaction given. */
  protected abstract answer(tx: Tx, answer: OwnerAnswer): Promise<void>;

  async handle(events: readonly ConsumedEvent<ExposureQuestion>[], tx: Tx): Promise<void> {
    const questions = events.map(({ data }) => data).filter(({ subject }) => subject === this.subject);
    const compared = questions.filter(({ body }) => body.case === 'tallies').map(({ township }) => Number(township));
    const tallies = compared.length === 0 ? [] : await this.held.tallies(tx, [...new Set(compared)]);
    const byTownship = Map.groupBy(tallies, ({ township }) => township);
    for (const { body, reconciliation, round, township } of questions) {
      const answer = (found: Found): Promise<void> => this.answer(tx, { ...found, reconciliation, round, township });
      if (body.case === 'sayAgain') await this.sayAgain(tx, body.value.householdIds.map(Number));
      if (body.case === 'census') await answer({ townships: codesOf(await this.held.townships(tx)) });
      if (body.case === 'tallies')
        await answer(await this.compare(tx, body.value, byTownship.get(Number(township)) ?? []));
    }
  }

  private async compare(tx: Tx, asked: VillageTallies, own: readonly TownshipVillageTally[]): Promise<Found> {
    const households = own.reduce((sum, tally) => sum + tally.households, 0);
    const { villages, more } = villagesThatDiffer(asked, own, LISTED);
    if (villages.length === 0) return { households };
    const rows = await this.held.lines(tx, villages, asked.quietSeconds);
    return {
      households,
      villages: villages.map(BigInt),
      householdIds: rows.map(({ id }) => BigInt(id)),
      hashes: rows.map(({ hash }) => BigInt(hash)),
      recentIds: rows.filter(({ recent }) => recent).map(({ id }) => BigInt(id)),
      more,
    };
  }
}

function codesOf(townships: readonly number[]): string[] {
  return townships.map((township) => String(township).padStart(9, '0'));
}
