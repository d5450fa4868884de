import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HouseholdState } from '@fangpin/contracts';
import { IntakeWorld, OTHER_VILLAGE, VILLAGE } from './support/intake-world.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await IntakeWorld.start();
});
afterAll(() => world.stop());

const PERSON = '11010519491231002X';
const SPOUSE = '440524188001010014';

const people = (householdId: number): Promise<{ member_no: number; duty_code: number }[]> =>
  world.rows('SELECT member_no, duty_code FROM people WHERE household_id = $1 ORDER BY member_no', [householdId]);

describe('who belongs to which household', () => {
  it('is taken over from the register, and follows a move', async () => {
    await world.known({ householdId: 1, idNumbers: [PERSON, SPOUSE] });
    expect(await people(1)).toEqual([
      { member_no: 1, duty_code: VILLAGE },
      { member_no: 2, duty_code: VILLAGE },
    ]);
    await world.known({ householdId: 1, revision: 2, dutyCode: OTHER_VILLAGE, idNumbers: [PERSON] });
    expect(await people(1)).toEqual([{ member_no: 1, duty_code: OTHER_VILLAGE }]);
  });

  it('is forgotten of a household that has left, and an older word changes nothing', async () => {
    await world.known({ householdId: 2, revision: 3, state: HouseholdState.MOVED_OUT, idNumbers: [PERSON] });
    await world.known({ householdId: 3 });
    expect(await people(2)).toEqual([]);
  });
});
