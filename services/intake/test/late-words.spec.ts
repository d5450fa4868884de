/** Words about a finding that come in another order than the days that they are of, on real tables. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IntakeWorld, type Answer } from './support/intake-world.js';
import { idNumberOf } from './support/id-numbers.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await IntakeWorld.start();
});
afterAll(() => world.stop());

const PATH = '/v1/departments/health-insurance/findings';
const bill = (occurredOn: string, spentFen: number): object => ({
  idNumber: idNumberOf(1),
  kind: 'medical-spending',
  since: '2026-01-01',
  occurredOn,
  spentFen,
});
const push = (body: object): Promise<Answer> => {
  world.clock.advance(1_000);
  return world.request('POST', PATH, { body });
};

describe('a finding of which an older sheet comes late', () => {
  it('stands as the later day has it, and a wrong day is put right by taking it back', async () => {
    await world.known({ householdId: 40, idNumbers: [idNumberOf(1)] });
    const { findingId, revision } = (await push(bill('2026-09-30', 2_500_000))).body as {
      findingId: string;
      revision: number;
    };
    expect(await push(bill('2026-08-31', 1_500_000))).toMatchObject({
      status: 202,
      body: { findingId, revision, outcome: 'duplicate', problems: [{ code: 'FINDING.EARLIER_DAY' }] },
    });
    world.clock.advance(1_000);
    await world.request('POST', `${PATH}/${findingId}/withdraw`, { body: { reason: '日期填写有误' } });
    expect((await push(bill('2026-08-31', 1_500_000))).body).toMatchObject({ findingId, outcome: 'updated' });
    expect(await world.finding(findingId, revision + 2)).toMatchObject({
      spentFen: 1_500_000n,
      occurredOn: '2026-08-31',
    });
    expect(world.heard.filter((one) => one.findingId === findingId)).toHaveLength(3);
  });
});
