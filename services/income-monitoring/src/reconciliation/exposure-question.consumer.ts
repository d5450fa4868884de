/**
 * Kafka in: what risk-alerts holds of income (docs/adr/0032). Answers which villages differ, with all figures in force
 * there; says assessments again when it is asked to.
 */
import { create } from '@bufbuild/protobuf';
import {
  ExposureSubject,
  AssessmentsTalliedSchema,
  topics,
  villagesThatDiffer,
  type ExposureQuestion,
  type VillageTallies,
} from '@fangpin/contracts';
import { encodeEvent, Outbox, type ConsumedEvent, type EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { sayAgain } from './say-again.js';
import { assessmentsOfVillages, townshipsHeld, villageTallies, type TownshipVillageTally } from './tally-sql.js';

interface Found {
  readonly townships?: string[];
  readonly households?: number;
  readonly villages?: bigint[];
  readonly householdIds?: bigint[];
  readonly hashes?: bigint[];
  readonly recentIds?: bigint[];
  readonly more?: boolean;
}

/** Households listed in one answer, some twelve bytes each. */
const LISTED = 10_000;

@EventConsumer()
export class ExposureQuestionConsumer implements EventHandler<ExposureQuestion> {
  readonly topic = topics.exposureQuestion;

  constructor(private readonly outbox: Outbox) {}

  async handle(events: readonly ConsumedEvent<ExposureQuestion>[], tx: Tx): Promise<void> {
    const questions = events.map(({ data }) => data).filter(({ subject }) => subject === ExposureSubject.ASSESSMENTS);
    const compared = questions.filter(({ body }) => body.case === 'tallies').map(({ township }) => Number(township));
    const tallies = compared.length === 0 ? [] : await villageTallies(tx, [...new Set(compared)]);
    const byTownship = Map.groupBy(tallies, ({ township }) => township);
    for (const question of questions) {
      const { body, township } = question;
      if (body.case === 'sayAgain') await sayAgain(tx, this.outbox, body.value.householdIds.map(Number));
      if (body.case === 'census') await this.answer(tx, question, { townships: codesOf(await townshipsHeld(tx)) });
      if (body.case === 'tallies')
        await this.answer(tx, question, await compare(tx, body.value, byTownship.get(Number(township)) ?? []));
    }
  }

  private async answer(tx: Tx, { reconciliation, round, township }: ExposureQuestion, found: Found): Promise<void> {
    const tallied = create(AssessmentsTalliedSchema, { ...found, reconciliation, round, township });
    await this.outbox.add(tx, topics.assessmentTally, [
      encodeEvent(topics.assessmentTally, tallied, { key: township }),
    ]);
  }
}

async function compare(tx: Tx, asked: VillageTallies, own: readonly TownshipVillageTally[]): Promise<Found> {
  const households = own.reduce((sum, tally) => sum + tally.households, 0);
  const { villages, more } = villagesThatDiffer(asked, own, LISTED);
  if (villages.length === 0) return { households };
  const rows = await assessmentsOfVillages(tx, villages, asked.quietSeconds);
  return {
    households,
    villages: villages.map(BigInt),
    householdIds: rows.map(({ id }) => BigInt(id)),
    hashes: rows.map(({ hash }) => BigInt(hash)),
    recentIds: rows.filter(({ recent }) => recent).map(({ id }) => BigInt(id)),
    more,
  };
}

function codesOf(townships: readonly number[]): string[] {
  return townships.map((township) => String(township).padStart(9, '0'));
}
