import { shanghaiDay } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { causes } from '../src/episodes/cause-words.js';
import type { EpisodePage } from '../src/episodes/episode.responses.js';
import type { TellingResponse } from '../src/episodes/telling.request.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { YONGDING } from './support/world.js';

const PER_DAY = 2;
const LEVELS = 4;

describe('a day on which a household was told enough', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const call = async <T>(method: 'GET' | 'POST', path: string, payload?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('helper')}` };
    const asked = { method, url: `/v1/${path}`, headers, ...(payload === undefined ? {} : { payload }) };
    return (await world.app.inject(asked)).json<T>();
  };
  const toTell = async (householdId: number): Promise<string[]> =>
    (await call<EpisodePage>('GET', `risk-episodes?householdId=${householdId}&toTell=true`)).items.map(
      ({ cause, severity }) => `${cause} ${severity}`,
    );
  const tell = (householdId: number): Promise<TellingResponse> =>
    call('POST', `risk-pictures/${householdId}/told`, { on: shanghaiDay(new Date()), how: 'phone' });
  const sql = (text: string): Promise<Record<string, unknown>[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query(text));

  /** As episodes stand after their worker: due when found, and when worse than told. */
  const raise = (householdId: number, cause: string, severity: number): Promise<unknown> =>
    sql(`INSERT INTO risk_episodes AS e (household_id, cause, ordinal, duty_code, state, opened_at, severity, peak_severity,
           last_raised_at, alerts, tell_from)
         VALUES (${householdId}, '${cause}', 1, ${YONGDING}201001, 'open', now(), ${severity}, ${severity}, now(), 1, now())
         ON CONFLICT (household_id, cause, ordinal) DO UPDATE SET severity = ${severity}, state = 'open', ended_at = NULL,
           ended_why = NULL, tell_from = CASE WHEN ${severity} > coalesce(e.told_severity, 0) THEN now() END`);
  const recall = (householdId: number, cause: string): Promise<unknown> =>
    sql(`UPDATE risk_episodes SET severity = 0, state = 'ended', ended_at = now(), ended_why = 'recalled',
           tell_from = CASE WHEN told_severity > 0 THEN now() END
         WHERE household_id = ${householdId} AND cause = '${cause}'`);

  it('still asks for the family whose house may fall after two calls about its water', async () => {
    await raise(1, 'water', 1);
    await tell(1);
    await recall(1, 'water');
    expect(await toTell(1)).toEqual(['water 0']);
    expect((await tell(1)).quietUntil).not.toBeNull();
    await raise(1, 'dwelling', 4);
    await raise(1, 'schooling', 1);
    expect(await toTell(1)).toEqual(['dwelling 4']);
    expect(await tell(1)).toMatchObject({ tellingsOfDay: 3 });
    // As grave as what was said is a matter for tomorrow.
    await raise(1, 'illness', 4);
    expect(await toTell(1)).toEqual([]);
  });

  it('asks for nothing but what is graver than all that was told, so for each level at most once more, and never for the same', async () => {
    const event = fc.tuple(fc.constantFrom(...causes.slice(0, 4)), fc.integer({ min: 0, max: LEVELS }), fc.boolean());
    let householdId = 1_000;
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 12 }), async (events) => {
        householdId += 1;
        const said: string[] = [];
        let tellings = 0;
        let gravest = 0;
        const stands = new Map<string, number>();
        for (const [cause, severity, isTold] of events) {
          await (severity === 0 ? recall(householdId, cause) : raise(householdId, cause, severity));
          if (severity > 0 || stands.has(cause)) stands.set(cause, severity);
          const asked = await toTell(householdId);
          const worst = Math.max(0, ...stands.values());
          if (worst > gravest) expect(asked.map((one) => one.split(' ')[1])).toContain(String(worst));
          else if (tellings >= PER_DAY) expect(asked).toEqual([]);
          if (!isTold || asked.length === 0) continue;
          tellings = (await tell(householdId)).tellingsOfDay;
          gravest = Math.max(gravest, worst);
          for (const one of asked.filter((each) => !each.endsWith(' 0'))) {
            expect(said).not.toContain(one);
            said.push(one);
          }
        }
        expect(tellings).toBeLessThanOrEqual(PER_DAY + LEVELS);
      }),
      { numRuns: 25 },
    );
  });
});
