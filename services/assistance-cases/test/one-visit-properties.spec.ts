import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError, shanghaiDay } from '@fangpin/domain-kit';
import type { Page } from '@fangpin/service-kit';
import type { CheckResult } from '../src/check-items/check-item-states.js';
import { ofOrigin, standingRows } from '../src/triage/standing-answers.js';
import { readWorklist } from '../src/worklist/read-worklist.js';
import type { WorklistItem } from '../src/worklist/worklist.response.js';
import { anAlertBatch, caseId, NOW, originOf, TOWNSHIP, triageOnDatabase, type TriageOnDatabase } from './harness.js';
import { caseworker, peopleOn, type People } from './people.js';

const HOUSEHOLDS = [1, 2, 3];
const SHOCKS = [1, 2, 3, 4];

let service: TriageOnDatabase;
let people: People;
beforeAll(async () => {
  service = await triageOnDatabase();
  people = await peopleOn(service);
});
afterAll(() => service.db.drop());

const household = fc.constantFrom(...HOUSEHOLDS);
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('alert' as const),
      shock: fc.constantFrom(...SHOCKS),
      households: fc.uniqueArray(household, { minLength: 1 }),
      severity: fc.integer({ min: 1, max: 4 }),
      withdrawn: fc.boolean(),
      raisedOn: fc.integer({ min: 13, max: 20 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('result' as const),
      household,
      pick: fc.nat({ max: 3 }),
      result: fc.constantFrom<CheckResult>('no-risk', 'risk', 'unreachable'),
      all: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      household,
      action: fc.constantFrom('start-verification', 'dismiss'),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

interface OpenRow {
  household_id: number;
  origin: number;
  due_at: Date;
  severity: number;
  case_state: number | null;
  [column: string]: unknown;
}

const openRows = (): Promise<OpenRow[]> =>
  service.app.transaction(caseworker.scope, (tx) =>
    tx.query<OpenRow>(
      `SELECT household_id, case_origin AS origin, due_at, severity, state AS case_state FROM cases WHERE state < 100
       UNION ALL SELECT household_id, origin, due_at, severity, NULL FROM check_items WHERE state < 100
       ORDER BY household_id, due_at, origin`,
    ),
  );

const now = (): Date => service.clock.now();

const pageOf = (cursor: string): Promise<Page<WorklistItem>> =>
  service.app.transaction(caseworker.scope, (tx) => readWorklist(tx, { limit: '2', cursor }, caseworker, now()));

async function worklist(): Promise<WorklistItem[]> {
  const seen: WorklistItem[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await pageOf(cursor);
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  return seen;
}

/** A visit as the worklist asks for it, to some or to all of what it names. Nothing where nothing is asked. */
async function visit({ household: of, pick, result, all }: Extract<Event, { kind: 'result' }>): Promise<void> {
  const entry = (await worklist()).find(({ householdId }) => householdId === of);
  const items = entry?.asks.filter(({ kind }) => kind === 'check-item') ?? [];
  const chosen = items[pick % Math.max(items.length, 1)];
  if (chosen === undefined) return;
  const body = {
    result,
    reason: '入户查看',
    checkers: ['g-1', 'g-2'],
    checkedOn: shanghaiDay(NOW),
    ...(all ? { alsoAnswers: items.map(({ id }) => id) } : {}),
  };
  await people.answer(chosen.id, body);
  if (all && result === 'no-risk' && entry?.kind === 'check-item')
    expect((await worklist()).map(({ householdId }) => householdId)).not.toContain(of);
}

async function step({ household: of, action }: Extract<Event, { kind: 'step' }>): Promise<void> {
  const [open] = (await openRows()).filter((row) => row.household_id === of && row.case_state !== null);
  if (open === undefined) return;
  const id = caseId(open.origin - originOf(0), of);
  const body = action === 'dismiss' ? { reason: '核实无风险', checkers: ['g-1', 'g-2'], toldOn: shanghaiDay(NOW) } : {};
  try {
    await people.step(id, action, body);
  } catch (error) {
    // A verification that has begun is not begun again.
    if (!(error instanceof DomainError) || error.code !== 'CASE.ACTION_NOT_ALLOWED') throw error;
    return;
  }
  if (action === 'dismiss') expect((await worklist()).map(({ householdId }) => householdId)).not.toContain(of);
}

async function expectOneVisitEach(): Promise<void> {
  const rows = await openRows();
  const entries = await worklist();
  const byHousehold = Map.groupBy(rows, (row) => row.household_id);
  expect(entries.map(({ householdId }) => householdId).sort()).toEqual([...byHousehold.keys()].sort());
  const due = entries.map(({ dueAt }) => dueAt);
  expect(due).toEqual([...due].sort());
  for (const entry of entries) {
    const asked = byHousehold.get(Number(entry.householdId)) ?? [];
    const cases = asked.filter((row) => row.case_state !== null);
    expect(cases.length).toBeLessThanOrEqual(1);
    expect(entry.kind).toBe(cases.length === 1 ? 'case' : 'check-item');
    expect(entry.asks.map(({ id }) => id).sort()).toEqual(
      asked.map((row) => caseId(row.origin - originOf(0), row.household_id)).sort(),
    );
    expect(entry.severity).toBe(Math.max(...asked.map(({ severity }) => severity)));
    // States here are the clue and the verification under way.
    const ruling = cases[0]?.case_state === 2 ? cases : asked;
    const earliest = Math.min(...ruling.map((row) => row.due_at.getTime()));
    expect(Date.parse(entry.dueAt)).toBe(Math.floor(earliest / 1_000) * 1_000);
  }
}

/** What would be said again after a crash is what was answered, so that the ledger of every shock still adds up. */
async function expectAnswersHold(): Promise<void> {
  for (const shock of SHOCKS)
    for (const row of await service.app.transaction(caseworker.scope, (tx) =>
      standingRows(tx, ofOrigin(originOf(shock), TOWNSHIP)),
    ))
      expect([shock, row.household_id, service.answers.of(shock, row.household_id)]).toEqual([
        shock,
        row.household_id,
        row.outcome,
      ]);
}

describe('whatever alerts come, and whatever people find', () => {
  it('a household is never two entries of the worklist nor two open cases, and every alert keeps its answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 14 }), async (events) => {
        await service.clear();
        for (const [revision, one] of events.entries()) {
          if (one.kind === 'result') await visit(one);
          else if (one.kind === 'step') await step(one);
          else
            await service.triage(
              anAlertBatch(one.households, {
                ...one,
                // Two of the shocks share a cause, so that a check of one may answer for the other.
                cause: `cause-${Math.ceil(one.shock / 2)}`,
                revision: revision + 1,
                raisedAt: new Date(`2026-07-${one.raisedOn}T09:00:00+08:00`),
              }),
            );
          await expectOneVisitEach();
          await expectAnswersHold();
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
