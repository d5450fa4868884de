import { FindingState } from '@fangpin/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idNumberOf } from './support/id-numbers.js';
import { IntakeWorld, VILLAGE, type Answer } from './support/intake-world.js';

const PATH = '/v1/departments/health-insurance/findings';
let world: IntakeWorld;
beforeAll(async () => {
  world = await IntakeWorld.start();
});
afterAll(() => world.stop());

const medical = (change: Record<string, unknown>): Record<string, unknown> => ({
  kind: 'medical-spending',
  since: '2026-01-01',
  occurredOn: '2026-10-31',
  spentFen: 4_200_000,
  refundedFen: 1_800_000,
  ...change,
});
const push = (body: unknown): Promise<Answer> => world.request('POST', PATH, { body });

describe('a finding that is matched', () => {
  it('of a person whom the register moves to the household to which she belonged all along is of that one by itself', async () => {
    const told = medical({ idNumber: idNumberOf(57) });
    await world.known({ householdId: 32, idNumbers: [idNumberOf(57)] });
    const { findingId, revision } = (await push(told)).body as { findingId: string; revision: number };
    await world.known({ householdId: 33, idNumbers: [idNumberOf(57)], since: '2020-03-01' });
    const stays = async (): Promise<unknown> => (await world.request('GET', `${PATH}/${findingId}`)).body;
    // The wrong household has her still: the register is not done yet.
    expect(await stays()).toMatchObject({ householdId: 32, revision });
    await world.known({ householdId: 32, revision: 2 });
    expect(await world.finding(findingId, revision + 1)).toMatchObject({
      householdId: 33n,
      dutyCode: BigInt(VILLAGE),
      state: FindingState.RAISED,
    });
    expect((await push(told)).body).toMatchObject({ findingId, outcome: 'duplicate', householdId: 33 });
  });

  it('of a person who marries into another household, or of whom nobody says since when, stays with the one that it was of', async () => {
    for (const [n, since] of [
      [58, '2026-11-20'],
      [59, undefined],
    ] as const) {
      await world.known({ householdId: 34 + n, idNumbers: [idNumberOf(n)] });
      const { findingId, revision } = (await push(medical({ idNumber: idNumberOf(n) }))).body as {
        findingId: string;
        revision: number;
      };
      await world.known({ householdId: 34 + n, revision: 2 });
      await world.known({
        householdId: 134 + n,
        idNumbers: [idNumberOf(n)],
        ...(since === undefined ? {} : { since }),
      });
      expect((await world.request('GET', `${PATH}/${findingId}`)).body).toMatchObject({
        householdId: 34 + n,
        revision,
      });
      // Told later, the day puts it right.
      await world.known({ householdId: 134 + n, revision: 2, idNumbers: [idNumberOf(n)], since: '2026-01-01' });
      expect(await world.finding(findingId, revision + 1)).toMatchObject({ householdId: BigInt(134 + n) });
    }
  });
});
