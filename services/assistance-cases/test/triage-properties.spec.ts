import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TriageOutcome, type AlertBatch } from '@fangpin/contracts';
import { composeDerivedId, shanghaiDay } from '@fangpin/domain-kit';
import { anAlertBatch, everything, NOW, originOf, triageOnDatabase, type TriageOnDatabase } from './harness.js';
import { peopleOn, type People } from './people.js';

const HOUSEHOLDS = [1, 2, 3];
const SHOCKS = [1, 2, 3];

let service: TriageOnDatabase;
let people: People;
beforeAll(async () => {
  service = await triageOnDatabase();
  people = await peopleOn(service);
});
afterAll(() => service.db.drop());

/** Any revision of any shock's alerts for any of the households, or a person's step in between. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('alert' as const),
      shock: fc.constantFrom(...SHOCKS),
      households: fc.uniqueArray(fc.constantFrom(...HOUSEHOLDS), { minLength: 1 }),
      revision: fc.integer({ min: 1, max: 6 }),
      severity: fc.integer({ min: 1, max: 4 }),
      withdrawn: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('step' as const, 'dismiss' as const, 'check' as const),
      household: fc.constantFrom(...HOUSEHOLDS),
    }),
  },
  // Longer than a check without risk answers.
  { weight: 1, arbitrary: fc.constant({ kind: 'later' as const }) },
);
const LATER_DAYS = 100;
const DAY_MS = 86_400_000;
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;
type AlertEvent = Extract<Event, { kind: 'alert' }>;

/** A revision says the same whenever it comes: what it says is fixed by shock and revision. */
const batchOf = ({ shock, households, revision, severity, withdrawn }: AlertEvent): AlertBatch =>
  anAlertBatch(households, {
    shock,
    revision,
    severity,
    withdrawn,
    cause: `cause-${shock}`,
    speaksUntil: '2099-12-31',
  });

/** Several events fetched at once make one call. */
const calls = fc.array(fc.array(event, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 10 });

async function act(household: number): Promise<void> {
  await service.app.transaction(everything, async (tx) => {
    await tx.execute('UPDATE cases SET state = 2, acted = true WHERE household_id = $1 AND state = 1', [household]);
  });
}

/** Ends the household's open case, or answers all that is asked of it, as people do. */
async function look(household: number, kind: 'dismiss' | 'check'): Promise<void> {
  const [open] = await read(
    `SELECT case_origin AS origin FROM cases WHERE household_id = ${household} AND state < 100`,
  );
  const items = await read(`SELECT origin FROM check_items WHERE household_id = ${household} AND state < 100`);
  const visit = { reason: '无风险', checkers: ['g-1', 'g-2'] };
  const idOf = ({ origin }: StandingRow): string => composeDerivedId({ origin, householdId: household });
  const toldOn = shanghaiDay(service.clock.now());
  if (kind === 'dismiss' && open) return people.step(idOf(open), 'dismiss', { ...visit, toldOn });
  const [first, ...others] = items.map(idOf);
  if (kind === 'check' && first) return people.answer(first, { ...visit, result: 'no-risk', alsoAnswers: others });
}

interface StandingRow {
  origin: number;
  household_id: number;
  alert_revision: number;
  outcome: TriageOutcome;
  [column: string]: unknown;
}

const STANDING = `
  SELECT DISTINCT ON (origin, household_id) * FROM (
    SELECT case_origin AS origin, household_id, alert_revision, alert_outcome AS outcome, 1 AS place FROM cases
    UNION ALL SELECT origin, household_id, alert_revision, outcome, 2 FROM case_alerts
    UNION ALL SELECT origin, household_id, alert_revision, outcome, 3 FROM check_items
    UNION ALL SELECT origin, household_id, alert_revision, 5, 4 FROM withdrawals) AS s
  ORDER BY origin, household_id, alert_revision DESC, place`;

// Each names what must never be; a row is a breach.
const BREACHES: Readonly<Record<string, string>> = {
  'a household with two open cases':
    'SELECT household_id FROM cases WHERE state < 100 GROUP BY household_id HAVING count(*) > 1',
  'an untouched clue behind which no alert stands': `
    SELECT 1 FROM cases c WHERE state = 1 AND NOT acted AND alert_outcome > 3 AND NOT EXISTS (
      SELECT 1 FROM case_alerts a WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome <= 3)`,
  'a case that a recall closed although an alert stands': `
    SELECT 1 FROM cases c WHERE state = 109 AND (alert_outcome <= 3 OR EXISTS (
      SELECT 1 FROM case_alerts a WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome <= 3))`,
  'a case that a recall closed although somebody had acted': 'SELECT 1 FROM cases WHERE state = 109 AND acted',
  'an open case whose severity is not the worst of the standing alerts': `
    SELECT 1 FROM cases c WHERE state < 100 AND severity <> greatest(
      CASE WHEN alert_outcome <= 3 THEN alert_severity END,
      (SELECT max(a.severity) FROM case_alerts a
        WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome <= 3))`,
  'a mark without a withdrawn alert, or the other way round where the case was not taken up again': `
    SELECT 1 FROM cases c CROSS JOIN LATERAL (SELECT alert_outcome = 6 OR EXISTS (
      SELECT 1 FROM case_alerts a WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome = 6) AS withdrawn) AS its
     WHERE CASE WHEN flagged_at IS NULL THEN its.withdrawn AND NOT EXISTS (
         SELECT 1 FROM case_steps s WHERE s.case_origin = c.case_origin AND s.household_id = c.household_id AND s.action = 'asked-again')
       ELSE NOT its.withdrawn OR NOT acted END`,
  'an alert that stands worse than the check that answers for it': `
    SELECT 1 FROM check_items i WHERE state = 101 AND severity > checked_severity`,
  'a dismissed case whose alert has grown worse since': `
    SELECT 1 FROM cases c WHERE state = 103 AND alert_severity > (SELECT r.severity FROM check_results r
      WHERE r.origin = c.case_origin AND r.household_id = c.household_id ORDER BY r.revision DESC LIMIT 1)`,
  'an alert that counts for a case although it stands elsewhere since': `
    SELECT 1 FROM case_alerts a WHERE outcome IN (1, 2, 3, 6) AND (
      EXISTS (SELECT 1 FROM check_items i WHERE i.origin = a.origin AND i.household_id = a.household_id AND i.alert_revision > a.alert_revision)
      OR EXISTS (SELECT 1 FROM cases c WHERE c.case_origin = a.origin AND c.household_id = a.household_id AND c.alert_revision > a.alert_revision))`,
  'a case under way that was thrown back to the clue': `
    SELECT 1 FROM case_steps WHERE action IN ('asked-again', 'reopened') AND from_state < 100`,
  'a case whose revision its history does not have': `
    SELECT 1 FROM cases c WHERE (revision & 1023) > 1 AND NOT EXISTS (SELECT 1 FROM case_steps s
      WHERE s.case_origin = c.case_origin AND s.household_id = c.household_id AND s.revision = c.revision)`,
};

const read = (sql: string): Promise<StandingRow[]> =>
  service.app.transaction(everything, (tx) => tx.query<StandingRow>(sql));

async function expectSound(highest: ReadonlyMap<string, AlertEvent>): Promise<void> {
  for (const [breach, sql] of Object.entries(BREACHES)) expect([breach, await read(sql)]).toEqual([breach, []]);
  const standing = await read(STANDING);
  expect(standing).toHaveLength(highest.size);
  for (const row of standing) {
    const id = composeDerivedId({ origin: row.origin, householdId: row.household_id });
    const last = highest.get(id);
    expect(row.outcome <= TriageOutcome.LISTED).toBe(!last?.withdrawn);
    expect(service.answers.byAlert.get(id)).toMatchObject({ outcome: row.outcome, revision: row.alert_revision });
  }
}

describe('whatever comes, in whatever order, together or apart', () => {
  it('every alert has one outcome, the tables and the answers agree, and a repeat of all changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (events) => {
        await service.clear();
        service.clock.set(NOW.toISOString());
        // The first of equal revisions says what the revision is.
        const said = new Map<string, AlertEvent>();
        const highest = new Map<string, AlertEvent>();
        for (const call of events) {
          const batches: AlertBatch[] = [];
          for (const one of call) {
            if (one.kind === 'step') {
              await act(one.household);
              continue;
            }
            if (one.kind === 'later') {
              service.clock.set(new Date(service.clock.now().getTime() + LATER_DAYS * DAY_MS).toISOString());
              continue;
            }
            if (one.kind !== 'alert') {
              await look(one.household, one.kind);
              continue;
            }
            const name = `${one.shock}/${one.revision}`;
            const fixed: AlertEvent = { ...(said.get(name) ?? one), households: one.households };
            said.set(name, fixed);
            batches.push(batchOf(fixed));
            for (const householdId of fixed.households) {
              const id = composeDerivedId({ origin: originOf(fixed.shock), householdId });
              if ((highest.get(id)?.revision ?? 0) < fixed.revision) highest.set(id, fixed);
            }
          }
          await service.triage(...batches);
          await expectSound(highest);
        }
        const everyone = [...said.values()].map(batchOf);
        const known = everyone.map((batch) => ({
          ...batch,
          householdIds: batch.householdIds.filter((household) => {
            const id = composeDerivedId({ origin: Number(batch.origin), householdId: Number(household) });
            return highest.has(id) && (service.answers.byAlert.get(id)?.revision ?? 0) >= Number(batch.revision);
          }),
        }));
        const before = await read('SELECT * FROM cases ORDER BY case_origin, household_id');
        await service.triage(...known);
        expect(await read('SELECT * FROM cases ORDER BY case_origin, household_id')).toEqual(before);
      }),
      { numRuns: 40 },
    );
  }, 300_000);
});
