import { describe, expect, it } from '@jest/globals';
import type { ServiceSql } from '../client/service-sql.ts';
import { judgedFindings } from './kills-findings-checks.ts';
import type { SentFindings } from './kills-findings.ts';

/** What the tables hold of a round of four findings: two pushed alone, of which one was taken back, and a sheet of two. */
const tables = {
  stored: [
    { id: 'a', household: '1', revision: '10', state: 1, batch: null as string | null },
    { id: 'b', household: '2', revision: '11', state: 2, batch: null as string | null },
    { id: 'c', household: '3', revision: '12', state: 1, batch: 's' as string | null },
    { id: 'd', household: '4', revision: '13', state: 1, batch: 's' as string | null },
  ],
  judged: [
    { id: 'a', revision: '10', origin: '100', outcome: 'alerted', reason: null as string | null },
    { id: 'b', revision: '11', origin: '101', outcome: 'withdrawn', reason: null as string | null },
    { id: 'c', revision: '12', origin: '102', outcome: 'alerted', reason: null as string | null },
    { id: 'd', revision: '13', origin: '103', outcome: 'withheld', reason: 'below-threshold' as string | null },
  ],
  alerts: [
    { origin: '100', household: '1', state: 1, revisions: 1, outcome: 1 as number | null },
    { origin: '101', household: '2', state: 2, revisions: 2, outcome: 5 as number | null },
    { origin: '102', household: '3', state: 1, revisions: 1, outcome: 3 as number | null },
  ],
  standing: [
    { origin: '100', household: '1' },
    { origin: '102', household: '3' },
  ],
};
type Tables = typeof tables;

const sent: SentFindings = {
  plan: {
    ...{ occurredOn: '2026-11-21', since: '2026-11-01', singles: [] },
    sheet: { moment: 0, rows: [3, 4].map((householdId) => ({ householdId, paidFen: 1 })) },
  },
  singles: [
    { householdId: 1, findingId: 'a', revision: 10, withdrawn: false, stated: 1 },
    { householdId: 2, findingId: 'b', revision: 11, withdrawn: true, stated: 2 },
  ],
  sheet: { batchId: 's', withdrawn: false, batch: { state: 'done', rows: 4, matched: 2, unmatched: 1, rejected: 1 } },
  sentAgain: 0,
};

/** Answers from the tables as they are after a change. */
async function faultsAfter(change: (of: Tables) => void, what = sent): Promise<readonly string[]> {
  const of = structuredClone(tables);
  change(of);
  const sql = async (service: string, text: string): Promise<unknown[]> => {
    if (service === 'intake') return of.stored;
    if (service === 'assistance-cases') return of.standing;
    return text.includes('triage_answers') ? of.alerts : of.judged;
  };
  return (await judgedFindings({ sql } as ServiceSql, what)).faults;
}

const rowOf = <Row>(rows: Row[], index: number): Row => rows[index] as Row;

describe('the findings of a round that is over', () => {
  it('add up where each ended as it must', async () => {
    expect(await faultsAfter(() => undefined)).toEqual([]);
  });

  it.each<[string, (of: Tables) => void, string]>([
    ['an acknowledged one is lost', ({ stored }) => stored.shift(), 'does not keep so: 1, as a'],
    ['one is kept twice', ({ stored }) => stored.push({ ...rowOf(stored, 0), id: 'e' }), '1 doubled, as 1'],
    ['a withdrawal is lost', ({ stored }) => (rowOf(stored, 1).state = 1), 'does not keep so: 1, as b'],
    ['a row of the sheet is lost', ({ stored }) => stored.pop(), '1 missed, as 4'],
    ['one was never judged', ({ judged }) => judged.pop(), 'were not judged as they are: 1, as d'],
    ['an older revision was judged', ({ judged }) => (rowOf(judged, 0).revision = '9'), 'were not judged as they are'],
    ['one waits', ({ judged }) => (rowOf(judged, 3).outcome = 'waiting'), 'explains itself: 1, as d (waiting)'],
    ['one is held back without a reason', ({ judged }) => (rowOf(judged, 3).reason = null), 'explains itself'],
    ['its alert was never raised', ({ alerts }) => alerts.shift(), 'not what the outcome says: 1, as a (alerted)'],
    ['an alert was raised twice', ({ alerts }) => (rowOf(alerts, 0).revisions = 2), 'more often than they were stated'],
    ['an alert has no answer', ({ alerts }) => (rowOf(alerts, 2).outcome = null), 'without an answer: 1, as 102/3'],
    ['an alert is parked', ({ alerts }) => (rowOf(alerts, 2).outcome = 4), 'without an answer: 1, as 102/3'],
    ['a raised one is answered as dropped', ({ alerts }) => (rowOf(alerts, 0).outcome = 5), 'as something else: 1'],
    ['a raised one stands nowhere', ({ standing }) => standing.pop(), 'stand nowhere: 1, as 102/3'],
    ['one stands twice', ({ standing }) => standing.push(rowOf(standing, 0)), 'stand more than once: 1, as 100/1'],
    [
      'a withdrawn one stands',
      ({ standing }) => standing.push({ origin: '101', household: '2' }),
      'must not: 1, as 101/2',
    ],
  ])('do not where %s', async (_, change, fault) => {
    expect((await faultsAfter(change)).join('\n')).toContain(fault);
  });

  it('do not where the batch has counted a row twice', async () => {
    const { batch } = sent.sheet;
    const wrong = { ...sent, sheet: { ...sent.sheet, batch: { ...batch, matched: 3 } } };
    expect((await faultsAfter(() => undefined, wrong)).join('\n')).toContain('does not add up');
  });
});
