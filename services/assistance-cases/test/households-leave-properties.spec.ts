import { DomainError, composeDerivedId, shanghaiDay } from '@fangpin/domain-kit';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anAlertBatch, everything, RED } from './harness.js';
import { triageWithPeople } from './people.js';
import { registerOn, told, type Register } from './register.js';

const HOUSEHOLDS = [1, 2];

const desk = triageWithPeople();
let register: Register;
beforeAll(async () => {
  register = await registerOn(desk.service);
});
beforeEach(() => register.clear());

const household = fc.constantFrom(...HOUSEHOLDS);
/** Alerts of any shock, what the register says in any order and more than once, and what people do in between. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('alert' as const),
      shock: fc.constantFrom(1, 2),
      household,
      revision: fc.integer({ min: 1, max: 6 }),
      severity: fc.constantFrom(2, 4),
      withdrawn: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('told' as const), household, version: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('start-verification' as const, 'dismiss' as const, 'move-out' as const, 'check' as const),
      household,
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const rows = <Row extends Record<string, unknown>>(sql: string) =>
  desk.service.app.transaction(everything, (tx) => tx.query<Row>(sql));

/** Every second revision of a household is its leaving. */
const isAway = (version: number): boolean => version % 2 === 0;

async function happen(one: Event): Promise<void> {
  if (one.kind === 'told')
    return register.say(told(one.household, one.version, isAway(one.version) ? 'moved-out' : null));
  if (one.kind === 'alert') {
    const { shock, severity, revision, withdrawn } = one;
    const cause = `cause-${shock}`;
    const batch = anAlertBatch([one.household], {
      shock,
      severity,
      revision,
      withdrawn,
      cause,
      speaksUntil: '2099-12-31',
    });
    return desk.service.triage(batch);
  }
  const which = `household_id = ${one.household} AND state < 100`;
  const table = one.kind === 'check' ? 'SELECT origin FROM check_items' : 'SELECT case_origin AS origin FROM cases';
  const [open] = await rows<{ origin: number }>(`${table} WHERE ${which}`);
  if (open === undefined) return;
  const id = composeDerivedId({ origin: open.origin, householdId: one.household });
  const visit = { reason: '无风险', checkers: ['g-1', 'g-2'] };
  const toldOn = shanghaiDay(desk.service.clock.now());
  try {
    if (one.kind === 'check') return await desk.people.answer(id, { ...visit, result: 'no-risk' });
    await desk.people.step(id, one.kind, one.kind === 'dismiss' ? { ...visit, toldOn } : { reason: '全家迁往外县' });
  } catch (error) {
    // What is not lawful now is refused.
    if (!(error instanceof DomainError)) throw error;
  }
}

const AWAY = 'h.state > 1';
const THERE = 'coalesce(h.state, 1) = 1';
const of = (table: string, alias: string): string =>
  `SELECT ${alias}.* FROM ${table} ${alias} LEFT JOIN left_households h USING (household_id)`;

// Each names what must never be; a row is a breach.
const BREACHES: Readonly<Record<string, string>> = {
  'an open item of a household that has left': `${of('check_items', 'i')} WHERE i.state < 100 AND ${AWAY}`,
  'a clue nobody has touched, of a household that has left': `${of('cases', 'c')} WHERE c.state < 100 AND NOT c.acted AND ${AWAY}`,
  'an open case that is not marked though its household has left': `${of('cases', 'c')} WHERE c.state < 100 AND c.household_left IS NULL AND ${AWAY}`,
  'an open case that is marked though its household is there': `${of('cases', 'c')} WHERE c.state < 100 AND c.household_left IS NOT NULL AND ${THERE}`,
  'an item whose alert stands, ended by a leaving that is over': `${of('check_items', 'i')} WHERE i.state IN (104, 105) AND i.outcome <= 3 AND ${THERE}`,
  'a case behind which an alert stands, ended by a leaving that is over, while none is open': `
    SELECT 1 FROM (${of('cases', 'c')} WHERE c.state IN (106, 108) AND ${THERE}) AS c
     WHERE (EXISTS (SELECT FROM case_alerts a WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome <= 3)
         OR (alert_outcome <= 3 AND NOT EXISTS (
           SELECT FROM check_items i WHERE i.origin = c.case_origin AND i.household_id = c.household_id AND i.alert_revision > c.alert_revision)))
       AND NOT EXISTS (SELECT FROM cases o WHERE o.household_id = c.household_id AND o.state < 100)`,
  'a household with two open cases':
    'SELECT household_id FROM cases WHERE state < 100 GROUP BY household_id HAVING count(*) > 1',
};

const ALL_BREACHES = Object.entries(BREACHES)
  .map(([breach, sql]) => `SELECT '${breach}' AS breach WHERE EXISTS (${sql})`)
  .join(' UNION ALL ');

describe('whatever comes first, the alert or the word that its household has left', () => {
  it('asks nobody about who is away, and of who is back all that stands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 14 }), async (events) => {
        await desk.service.clear();
        await register.clear();
        const versions = new Map<number, number>();
        for (const one of events) {
          await happen(one);
          if (one.kind === 'told') versions.set(one.household, Math.max(one.version, versions.get(one.household) ?? 0));
          expect(await rows(ALL_BREACHES)).toEqual([]);
        }
        const away = [...versions].filter(([, version]) => isAway(version)).map(([id]) => id);
        const known = await rows<{ id: number }>(
          'SELECT household_id AS id FROM left_households WHERE state > 1 ORDER BY 1',
        );
        expect(known.map(({ id }) => id)).toEqual(away.sort());
        // What is told again changes nothing.
        const before = await rows('SELECT * FROM case_steps ORDER BY revision');
        for (const one of events) if (one.kind === 'told') await happen(one);
        expect(await rows('SELECT * FROM case_steps ORDER BY revision')).toEqual(before);
      }),
      { numRuns: 120 },
    );
  }, 240_000);
});

describe('an alert and a leaving at the same moment', () => {
  const red = anAlertBatch([1], { severity: RED });
  const open = () => rows('SELECT 1 FROM cases WHERE state < 100');

  it('miss neither each other where the alert is first', async () => {
    await register.triageAnd([red], async () => {
      // It waits for the alert, and not long, for others wait behind it; the consumer tries it again.
      await expect(register.say(told(1, 2, 'moved-out'))).rejects.toMatchObject({ code: '55P03' });
    });
    expect(await open()).toHaveLength(1);
    await register.say(told(1, 2, 'moved-out'));
    expect(await open()).toEqual([]);
  });

  it('nor where the leaving is', async () => {
    let alerted: Promise<void> = Promise.resolve();
    await register.sayAnd([told(1, 2, 'moved-out')], async () => {
      alerted = desk.service.triage(red);
      await waiting();
    });
    await alerted;
    expect(await open()).toEqual([]);
    expect(await rows('SELECT state FROM check_items')).toEqual([{ state: 104 }]);
  });

  /** Until somebody waits for a lock of the register. */
  async function waiting(): Promise<void> {
    for (;;) {
      const [blocked] = await rows(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
      if (blocked !== undefined) return;
    }
  }
});
