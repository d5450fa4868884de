import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  ExposureQuestionSchema,
  ExposureSubject,
  householdLine,
  lineHash,
  topics,
  type HouseholdProfile,
  type HouseholdsTallied,
} from '@fangpin/contracts';
import { decodeEvent, encodeEvent, type BusProducer } from '@fangpin/messaging';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aHousehold, startRegistry, type RegistryApp } from './registry-app.js';

const TOWNSHIP = '532327101';
const VILLAGE = 532327101201;
const REMOVED = { monitoring: 'removed', monitoringSince: '2026-05-20' };
const SOLE = [{ birthYear: 1950, sex: 'male', relation: 'head', labour: 'weak', disabilityGrade: 1 }];

describe('a question of risk-alerts about households', () => {
  let registry: RegistryApp;
  let producer: BusProducer;
  const tallied: HouseholdsTallied[] = [];
  const known: HouseholdProfile[] = [];

  beforeAll(async () => {
    registry = await startRegistry();
    producer = await registry.bus.producer();
    await registry.bus.subscribe({
      group: 'tally-listener',
      topics: [topics.householdTally],
      onAssigned: () => Promise.resolve(),
      onCrash: () => undefined,
      onBatch: async ({ messages }) => {
        for (const { value } of messages) tallied.push(decodeEvent(topics.householdTally, value));
      },
    });
    const job = { product: 'construction', place: '5301', persons: 1, employer: '9144030071526726XG' };
    for (const changes of [
      {},
      { members: SOLE, dwelling: 'D', onlyDwelling: true, waterScheme: 'YJ-7', livelihoods: [] },
      { villageCode: '532327101202', group: 'ordinary', livelihoods: [job], ...REMOVED },
      { villageCode: '532327102201' },
    ]) {
      const { status, body } = await registry.request('POST', '/v1/households', { body: aHousehold(changes) });
      expect(status).toBe(201);
      known.push(await registry.profileOf(Number(body.id)));
    }
    const left = known[0] as HouseholdProfile;
    const { headers } = await registry.request('GET', `/v1/households/${left.householdId}`);
    const leaving = { body: { state: 'moved-out' }, headers: { 'if-match': String(headers.etag) } };
    expect(await registry.request('PATCH', `/v1/households/${left.householdId}`, leaving)).toMatchObject({
      status: 200,
    });
    known[0] = await registry.profileOf(Number(left.householdId), 2);
  }, 120_000);
  afterAll(async () => {
    await producer.close();
    await registry.close();
  });

  type Body = MessageInitShape<typeof ExposureQuestionSchema>['body'];

  async function ask(body: Body, township = TOWNSHIP, subject = ExposureSubject.HOUSEHOLDS): Promise<bigint> {
    const reconciliation = BigInt(Math.floor(Math.random() * 1e9));
    const question = create(ExposureQuestionSchema, { reconciliation, round: 1, subject, township, body });
    await producer.send(topics.exposureQuestion, [encodeEvent(topics.exposureQuestion, question, { key: township })]);
    return reconciliation;
  }
  const answered = async (body: Body, township = TOWNSHIP): Promise<HouseholdsTallied> => {
    const no = await ask(body, township);
    return eventually(() => {
      const found = tallied.find(({ reconciliation }) => reconciliation === no);
      if (found === undefined) throw new Error('no answer yet');
      return found;
    });
  };
  const of = (village: number): HouseholdProfile[] =>
    known.filter(({ dutyCode }) => Math.floor(Number(dutyCode) / 1000) === village);
  const hashes = (profiles: readonly HouseholdProfile[]): number[] =>
    profiles.map((profile) => lineHash(householdLine(profile)));
  const tallies = (...villages: number[]): Body => ({
    case: 'tallies',
    value: {
      villages: villages.map(BigInt),
      households: villages.map((village) => of(village).length),
      digests: villages.map((village) => hashes(of(village)).reduce((sum, hash) => sum ^ BigInt(hash), 0n)),
      quietSeconds: 0,
    },
  });

  it('is answered with nothing where all villages are the same, reckoned from what was said', async () => {
    expect(await answered(tallies(VILLAGE, VILLAGE + 1))).toMatchObject({ households: 3, villages: [], more: false });
  });

  it('is answered with all households of a village that differs, or of which nothing is held', async () => {
    const answer = await answered(tallies(VILLAGE + 1));
    expect(answer.villages).toEqual([BigInt(VILLAGE)]);
    expect(answer.householdIds).toEqual(of(VILLAGE).map(({ householdId }) => householdId));
    expect(answer.hashes.map(Number)).toEqual(hashes(of(VILLAGE)));
    expect(answer.recentIds).toEqual([]);
  });

  it('names a village that only the asker holds, and what may still be on its way', async () => {
    const strange: Body = {
      case: 'tallies',
      value: { villages: [532327101999n], households: [1], digests: [5n], quietSeconds: 3_600 },
    };
    const answer = await answered(strange);
    expect(answer.villages.map(Number)).toEqual([VILLAGE, VILLAGE + 1, 532327101999]);
    expect(answer.householdIds).toHaveLength(3);
    expect(answer.recentIds).toEqual(answer.householdIds);
  });

  it('of a census is answered with all townships', async () => {
    expect((await answered({ case: 'census', value: {} }, '000000000')).townships).toEqual(['532327101', '532327102']);
  });

  it('to say households again is answered with their last profiles, and passes over those that there are not', async () => {
    const [left, , other] = known as [HouseholdProfile, HouseholdProfile, HouseholdProfile];
    await ask({ case: 'sayAgain', value: { householdIds: [left.householdId, other.householdId, 999_999n] } });
    expect(await registry.profileOf(Number(left.householdId), 3)).toEqual(left);
    expect(await registry.profileOf(Number(other.householdId), 2)).toEqual(other);
  });

  it('about assessments is for another service', async () => {
    const no = await ask({ case: 'census', value: {} }, '000000000', ExposureSubject.ASSESSMENTS);
    await answered({ case: 'census', value: {} }, '000000000');
    expect(tallied.some(({ reconciliation }) => reconciliation === no)).toBe(false);
  });
});
