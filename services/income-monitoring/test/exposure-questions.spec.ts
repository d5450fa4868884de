import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  assessmentLine,
  ExposureQuestionSchema,
  ExposureSubject,
  HouseholdState,
  lineHash,
  topics,
  type AssessmentsTallied,
  type IncomeAssessment,
} from '@fangpin/contracts';
import { decodeEvent, encodeEvent, type BusProducer } from '@fangpin/messaging';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEntry, IncomeWorld, OTHER_VILLAGE, VILLAGE } from './support/income-world.js';

const TOWNSHIP = '532327100';

describe('a question of risk-alerts about assessments', () => {
  let world: IncomeWorld;
  let producer: BusProducer;
  const tallied: AssessmentsTallied[] = [];
  const known: IncomeAssessment[] = [];

  beforeAll(async () => {
    world = await IncomeWorld.start();
    producer = await world.bus.producer();
    await world.bus.subscribe({
      group: 'tally-listener',
      topics: [topics.assessmentTally],
      onAssigned: () => Promise.resolve(),
      onCrash: () => undefined,
      onBatch: async ({ messages }) => {
        for (const { value } of messages) tallied.push(decodeEvent(topics.assessmentTally, value));
      },
    });
    // Earning, spending more than insurance pays, left since, without income on record, in another township.
    for (const householdId of [1, 2, 3, 4]) await world.known({ householdId, revision: 1 });
    await world.known({ householdId: 5, revision: 1, dutyCode: OTHER_VILLAGE });
    const enter = async (entry: Record<string, unknown>): Promise<void> =>
      expect((await world.call('POST', '/v1/income-entries', { body: entry })).status).toBe(201);
    for (const id of [1, 2, 3, 5]) await enter(anEntry(id));
    await enter(anEntry(2, { kind: 'out-of-pocket', amountFen: 700_000 }));
    await enter(anEntry(2, { kind: 'insurance-payout', amountFen: 200_000 }));
    await world.known({ householdId: 3, revision: 2, state: HouseholdState.MOVED_OUT });
    known.push(await world.said(1), await world.said(2, 3), await world.said(3, 2));
  }, 120_000);
  afterAll(async () => {
    await producer.close();
    await world.stop();
  });

  type Body = MessageInitShape<typeof ExposureQuestionSchema>['body'];

  const answered = async (body: Body, township = TOWNSHIP): Promise<AssessmentsTallied> => {
    const reconciliation = BigInt(Math.floor(Math.random() * 1e9));
    const subject = ExposureSubject.ASSESSMENTS;
    const question = create(ExposureQuestionSchema, { reconciliation, round: 2, subject, township, body });
    await producer.send(topics.exposureQuestion, [encodeEvent(topics.exposureQuestion, question, { key: township })]);
    return eventually(() => {
      const found = tallied.find((one) => one.reconciliation === reconciliation);
      if (found === undefined) throw new Error('no answer yet');
      return found;
    });
  };
  const hashes = (): number[] => known.map((assessment) => lineHash(assessmentLine(assessment)));
  const tallies = (of: readonly number[], quietSeconds = 0): Body => ({
    case: 'tallies',
    value: {
      villages: [BigInt(VILLAGE / 1000)],
      households: [of.length],
      digests: [of.reduce((sum, hash) => sum ^ BigInt(hash), 0n)],
      quietSeconds,
    },
  });

  it('is answered with nothing where the figures in force are the same, reckoned from what was said', async () => {
    expect(await answered(tallies(hashes()))).toMatchObject({ round: 2, households: 3, villages: [] });
  });

  it('is answered with all assessed households of a village that differs, and none without a figure', async () => {
    const answer = await answered(tallies(hashes().slice(1)));
    expect(answer.villages.map(Number)).toEqual([VILLAGE / 1000]);
    expect(answer.householdIds).toEqual([1n, 2n, 3n]);
    expect(answer.hashes.map(Number)).toEqual(hashes());
    expect(answer.recentIds).toEqual([]);
  });

  it('of a census is answered with all townships', async () => {
    const { townships } = await answered({ case: 'census', value: {} }, '000000000');
    expect(townships).toEqual([TOWNSHIP, String(OTHER_VILLAGE).slice(0, 9)]);
  });

  it('to say households again is answered with their figures in force, and passes over those without', async () => {
    const before = (world.heard.get(2) ?? []).length;
    const question = create(ExposureQuestionSchema, {
      subject: ExposureSubject.ASSESSMENTS,
      township: TOWNSHIP,
      body: { case: 'sayAgain', value: { householdIds: [2n, 4n, 99n] } },
    });
    await producer.send(topics.exposureQuestion, [encodeEvent(topics.exposureQuestion, question, { key: TOWNSHIP })]);
    expect(await world.said(2, before + 1)).toEqual(known[1]);
    expect(world.heard.has(4)).toBe(false);
  });
});
