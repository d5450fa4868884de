/** The side of household-registry and income-monitoring that compares exposure (docs/adr/0032), with their tables in the spec's hands. */
import { create } from '@bufbuild/protobuf';
import {
  assessmentLine,
  AssessmentsTalliedSchema,
  ExposureSubject,
  householdLine,
  HouseholdsTalliedSchema,
  lineHash,
  topics,
  villagesThatDiffer,
  type ExposureQuestion,
  type HouseholdProfile,
  type IncomeAssessment,
  type VillageTallies,
} from '@fangpin/contracts';
import { decodeEvent, encodeEvent, type Bus, type BusProducer } from '@fangpin/messaging';

interface Held {
  readonly id: number;
  readonly village: number;
  readonly hash: number;
}

export class OwnersDesk {
  readonly profiles = new Map<number, HouseholdProfile>();
  readonly assessments = new Map<number, IncomeAssessment>();
  /** Households whose last change may still be on its way. */
  readonly recent = new Set<number>();
  /** Ids that were asked for again. */
  readonly saidAgain: number[] = [];
  /** Tallies as they came: `reconciliation/round/subject/township`. */
  readonly asked: string[] = [];
  silent = false;

  constructor(private readonly producer: BusProducer) {}

  async listen(bus: Bus): Promise<void> {
    await bus.subscribe({
      group: 'owners-desk',
      topics: [topics.exposureQuestion],
      onAssigned: () => Promise.resolve(),
      onCrash: () => undefined,
      onBatch: async ({ messages }) => {
        for (const { value } of messages) await this.answer(decodeEvent(topics.exposureQuestion, value));
      },
    });
  }

  know(profiles: readonly HouseholdProfile[], assessments: readonly IncomeAssessment[]): void {
    for (const profile of profiles) this.profiles.set(Number(profile.householdId), profile);
    for (const assessment of assessments) this.assessments.set(Number(assessment.householdId), assessment);
  }

  private async answer({ reconciliation, round, township, subject, body }: ExposureQuestion): Promise<void> {
    if (body.case === 'tallies') this.asked.push([reconciliation, round, subject, township].join('/'));
    if (this.silent) return;
    if (body.case === 'sayAgain') return this.sayAgain(subject, body.value.householdIds.map(Number));
    const held = this.held(subject);
    const found =
      body.case === 'census'
        ? { townships: [...new Set(held.map(({ village }) => String(village).slice(0, 9)))] }
        : this.compare(
            body.value as VillageTallies,
            held.filter(({ village }) => String(village).startsWith(township)),
          );
    const fields = { ...found, reconciliation, round, township };
    if (subject === ExposureSubject.HOUSEHOLDS)
      await this.producer.send(topics.householdTally, [
        encodeEvent(topics.householdTally, create(HouseholdsTalliedSchema, fields), { key: township }),
      ]);
    else
      await this.producer.send(topics.assessmentTally, [
        encodeEvent(topics.assessmentTally, create(AssessmentsTalliedSchema, fields), { key: township }),
      ]);
  }

  private held(subject: ExposureSubject): Held[] {
    const villageOf = ({ dutyCode }: { dutyCode: bigint }): number => Number(dutyCode / 1000n);
    return subject === ExposureSubject.HOUSEHOLDS
      ? [...this.profiles].map(([id, one]) => ({ id, village: villageOf(one), hash: lineHash(householdLine(one)) }))
      : [...this.assessments].map(([id, one]) => ({
          id,
          village: villageOf(one),
          hash: lineHash(assessmentLine(one)),
        }));
  }

  private compare(asked: VillageTallies, held: readonly Held[]) {
    const tallies = [...Map.groupBy(held, ({ village }) => village)].map(([village, rows]) => ({
      village,
      households: rows.length,
      digest: Number(rows.reduce((sum, { hash }) => sum ^ BigInt(hash), 0n)),
    }));
    const { villages, more } = villagesThatDiffer(asked, tallies, 10_000);
    const listed = held.filter(({ village }) => villages.includes(village));
    return {
      households: held.length,
      villages: villages.map(BigInt),
      householdIds: listed.map(({ id }) => BigInt(id)),
      hashes: listed.map(({ hash }) => BigInt(hash)),
      recentIds: listed.filter(({ id }) => this.recent.has(id)).map(({ id }) => BigInt(id)),
      more,
    };
  }

  private async sayAgain(subject: ExposureSubject, ids: readonly number[]): Promise<void> {
    this.saidAgain.push(...ids);
    for (const id of ids) {
      const [profile, assessment] = [this.profiles.get(id), this.assessments.get(id)];
      const key = String(id);
      if (subject === ExposureSubject.HOUSEHOLDS && profile !== undefined)
        await this.producer.send(topics.household, [encodeEvent(topics.household, profile, { key })]);
      if (subject === ExposureSubject.ASSESSMENTS && assessment !== undefined)
        await this.producer.send(topics.assessment, [encodeEvent(topics.assessment, assessment, { key })]);
    }
  }
}
