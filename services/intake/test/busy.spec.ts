import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import { IntakeWorld } from './support/intake-world.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await IntakeWorld.start();
  await world.known({ householdId: 1 });
});
afterAll(() => world.stop());

/** Two groups in the database and ten that wait, of two hundred each; somewhat more than that. */
const PUSHES = 2_600;

describe('pushes while the database stands still', () => {
  it('are taken as many as can wait, and the others are told to come again', async () => {
    const authorization = await world.tokens.bearer({
      role: 'department-client',
      region: '532327',
      department: 'health-insurance',
    });
    const push = (n: number) =>
      world.app.inject({
        method: 'POST',
        url: '/v1/departments/health-insurance/findings',
        headers: { authorization },
        payload: {
          householdId: 1,
          kind: 'medical-spending',
          since: '2026-01-01',
          occurredOn: '2026-10-31',
          spentFen: 1 + n,
        },
      });
    // As a learner of people that never ends.
    await world.admin.query("SELECT pg_advisory_lock(hashtext('intake-people'))");
    const refused: { code: string; retryAfter: unknown }[] = [];
    const answers = Array.from({ length: PUSHES }, async (_, n) => {
      const answer = await push(n);
      const { code } = answer.json<{ code: string }>();
      if (answer.statusCode === 503) refused.push({ code, retryAfter: answer.headers['retry-after'] });
      return answer.statusCode;
    });
    await eventually(() => expect(refused).toContainEqual({ code: 'SERVICE.BUSY', retryAfter: '2' }), {
      timeoutMs: 60_000,
    });
    await world.admin.query("SELECT pg_advisory_unlock(hashtext('intake-people'))");
    const statuses = Map.groupBy(await Promise.all(answers), (status) => status);
    expect([...statuses.keys()].sort()).toEqual([202, 503]);
    // A group that the database let wait too long is told to come again as well.
    const known = ['SERVICE.BUSY', 'SERVICE.DATABASE_UNAVAILABLE'];
    expect(refused.filter(({ code, retryAfter }) => !known.includes(code) || retryAfter !== '2')).toEqual([]);
    // The one finding had a revision for each of those that were taken, whatever had been refused before them.
    expect((await push(PUSHES)).statusCode).toBe(202);
    const [row] = await world.rows('SELECT spent_fen::int AS fen FROM findings');
    expect(row).toEqual({ fen: PUSHES + 1 });
  }, 120_000);
});
