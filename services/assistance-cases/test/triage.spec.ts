import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TriageOutcome } from '@fangpin/contracts';
import {
  anAlertBatch,
  everything,
  ORANGE,
  OTHER_TOWNSHIP,
  range,
  RED,
  triageOnDatabase,
  type TriageOnDatabase,
} from './harness.js';

let service: TriageOnDatabase;
beforeAll(async () => {
  service = await triageOnDatabase();
});
beforeEach(() => service.clear());
afterAll(() => service.db.drop());

const rows = (sql: string): Promise<Record<string, unknown>[]> =>
  service.app.transaction(everything, (tx) => tx.query(sql));
const count = async (table: string, where = 'true'): Promise<number> =>
  Number((await rows(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`))[0]?.['n']);

describe('a shock that comes in', () => {
  it('opens a case for each red alert and lists the others, and answers every one', async () => {
    const severity = (household: number): number => (household % 5 === 0 ? RED : ORANGE);
    await service.triage(...range(0, 10).map((slice) => anAlertBatch(range(1 + slice * 500, 500), { severity })));
    expect(await count('cases', 'state = 1')).toBe(1_000);
    expect(await count('check_items', 'state = 1')).toBe(4_000);
    expect(service.answers.count(TriageOutcome.OPENED)).toBe(1_000);
    expect(service.answers.count(TriageOutcome.LISTED)).toBe(4_000);
    expect(service.answers.byAlert.size).toBe(5_000);
  });

  it('changes nothing when it comes again', async () => {
    const batches = range(0, 4).map((slice) => anAlertBatch(range(1 + slice * 500, 500)));
    await service.triage(...batches);
    const before = await rows('SELECT * FROM cases ORDER BY household_id');
    service.answers.messages = 0;
    await service.triage(...batches);
    await service.triage(...batches.slice(2), ...batches.slice(0, 2));
    expect(await rows('SELECT * FROM cases ORDER BY household_id')).toEqual(before);
    expect(await count('case_steps')).toBe(0);
    expect(service.answers.messages).toBe(0);
  });

  it('takes only the highest revision where several come at once', async () => {
    await service.triage(
      anAlertBatch([1], { revision: 2, severity: RED }),
      anAlertBatch([1], { revision: 1, severity: ORANGE }),
    );
    expect(await count('cases')).toBe(1);
    expect(await count('check_items')).toBe(0);
  });

  it('attaches to the open case of a household instead of opening a second', async () => {
    await service.triage(anAlertBatch(range(1, 300), { shock: 1 }));
    await service.triage(anAlertBatch(range(201, 300), { shock: 2, cause: 'price-fall' }));
    expect(await count('cases')).toBe(500);
    expect(await count('case_alerts')).toBe(100);
    expect(service.answers.of(2, 201)).toBe(TriageOutcome.ATTACHED);
    expect(service.answers.of(2, 301)).toBe(TriageOutcome.OPENED);
  });

  it('makes one case of two shocks that meet at a household in one call', async () => {
    await service.triage(
      anAlertBatch(range(1, 50), { shock: 1 }),
      anAlertBatch(range(26, 50), { shock: 2, cause: 'price-fall' }),
    );
    expect(await count('cases')).toBe(75);
    expect(await count('case_alerts')).toBe(25);
    expect(service.answers.byAlert.size).toBe(100);
  });

  it('opens a case anew where the earlier one has ended', async () => {
    await service.triage(anAlertBatch([1], { shock: 1 }));
    await service.app.transaction(everything, (tx) => tx.execute('UPDATE cases SET state = 103, acted = true'));
    await service.triage(anAlertBatch([1], { shock: 2 }));
    expect(await count('cases', 'state = 1')).toBe(1);
    expect(service.answers.of(2, 1)).toBe(TriageOutcome.OPENED);
  });

  it('counts the first visit in working days, and the check in calendar days, from when the risk was found', async () => {
    const raisedAt = new Date('2026-07-17T18:04:17+08:00');
    await service.triage(anAlertBatch([1, 2], { raisedAt, severity: (household) => (household === 1 ? RED : ORANGE) }));
    expect((await rows('SELECT due_at FROM cases'))[0]?.['due_at']).toEqual(new Date('2026-07-21T23:59:59.999+08:00'));
    expect((await rows('SELECT due_at FROM check_items'))[0]?.['due_at']).toEqual(
      new Date('2026-07-20T23:59:59.999+08:00'),
    );
  });
});

describe('a newer revision', () => {
  it('updates severity and keeps the case', async () => {
    await service.triage(anAlertBatch([1]));
    await service.triage(anAlertBatch([1], { revision: 2, severity: ORANGE }));
    expect(await rows('SELECT severity, state FROM cases')).toEqual([{ severity: ORANGE, state: 1 }]);
    expect(await count('check_items')).toBe(0);
    expect(service.answers.of(1, 1)).toBe(TriageOutcome.OPENED);
    expect(await rows('SELECT action, actor FROM case_steps')).toEqual([{ action: 'severity-changed', actor: null }]);
  });

  it('makes a case of a listed household that gets worse, and closes the item as risk', async () => {
    await service.triage(anAlertBatch([1], { severity: ORANGE }));
    await service.triage(anAlertBatch([1], { revision: 2, severity: RED }));
    expect(await rows('SELECT state FROM check_items')).toEqual([{ state: 102 }]);
    expect(await count('cases', 'state = 1')).toBe(1);
    expect(service.answers.of(1, 1)).toBe(TriageOutcome.OPENED);
    await service.triage(anAlertBatch([1], { revision: 3, severity: ORANGE }));
    expect(service.answers.of(1, 1)).toBe(TriageOutcome.OPENED);
  });

  it('is taken from the township to which the household has moved', async () => {
    await service.triage(anAlertBatch([1]));
    await service.triage(anAlertBatch([1], { revision: 2, township: OTHER_TOWNSHIP }));
    expect(await count('cases')).toBe(1);
    expect(await count('cases', 'duty_code >= 532327102000000')).toBe(1);
  });
});

describe('a recall', () => {
  const withdrawn = { withdrawn: true, revision: 2 };

  it('drops what nobody has touched, and keeps the rows', async () => {
    const severity = (household: number): number => (household % 2 === 0 ? RED : ORANGE);
    await service.triage(anAlertBatch(range(1, 400), { severity }));
    await service.triage(anAlertBatch(range(1, 400), withdrawn));
    expect(await count('cases', 'state = 109')).toBe(200);
    expect(await count('check_items', 'state = 103')).toBe(200);
    expect(service.answers.count(TriageOutcome.DROPPED)).toBe(400);
    expect(await count('case_steps', "action = 'withdrawn'")).toBe(200);
  });

  it('flags and never closes what somebody has acted on', async () => {
    await service.triage(anAlertBatch([1]), anAlertBatch([2], { severity: ORANGE }));
    await service.app.transaction(everything, async (tx) => {
      await tx.execute('UPDATE cases SET state = 2, acted = true');
      await tx.execute('UPDATE check_items SET state = 101, checked_severity = 3');
    });
    await service.triage(anAlertBatch([1, 2], withdrawn));
    expect(await rows('SELECT state, flagged_at FROM cases')).toEqual([{ state: 2, flagged_at: expect.any(Date) }]);
    expect(await rows('SELECT state, flagged_at FROM check_items')).toEqual([
      { state: 101, flagged_at: expect.any(Date) },
    ]);
    expect(service.answers.count(TriageOutcome.FLAGGED)).toBe(2);
  });

  it('leaves a case open while another shock stands behind it', async () => {
    await service.triage(anAlertBatch([1], { shock: 1 }));
    await service.triage(anAlertBatch([1], { shock: 2, cause: 'price-fall' }));
    await service.triage(anAlertBatch([1], { shock: 1, ...withdrawn }));
    expect(await count('cases', 'state = 1')).toBe(1);
    await service.triage(anAlertBatch([1], { shock: 2, cause: 'price-fall', ...withdrawn }));
    expect(await count('cases', 'state = 109')).toBe(1);
    expect(service.answers.count(TriageOutcome.DROPPED)).toBe(2);
  });

  it('that is fetched together with its alerts answers what became of them, and that they are dropped', async () => {
    await service.triage(anAlertBatch(range(1, 20), withdrawn), anAlertBatch(range(1, 20)));
    expect(service.answers.taken.size).toBe(20);
    expect(service.answers.count(TriageOutcome.DROPPED)).toBe(20);
    expect(await count('cases', 'state = 109')).toBe(20);
  });

  it('that comes before its alert is kept for it', async () => {
    await service.triage(anAlertBatch([1], withdrawn));
    await service.triage(anAlertBatch([1, 2], { revision: 1 }));
    expect(await rows('SELECT household_id FROM cases')).toEqual([{ household_id: 2 }]);
    expect(service.answers.of(1, 1)).toBe(TriageOutcome.DROPPED);
  });

  it('is itself taken back by a newer revision', async () => {
    await service.triage(anAlertBatch([1]), anAlertBatch([2], { severity: ORANGE }));
    await service.triage(anAlertBatch([1, 2], withdrawn));
    await service.triage(anAlertBatch([1], { revision: 3 }), anAlertBatch([2], { revision: 3, severity: ORANGE }));
    expect(await count('cases', 'state = 1')).toBe(1);
    expect(await count('check_items', 'state = 1')).toBe(1);
    expect(service.answers.of(1, 1)).toBe(TriageOutcome.OPENED);
    expect(service.answers.of(1, 2)).toBe(TriageOutcome.LISTED);
    expect(await rows('SELECT action FROM case_steps ORDER BY revision')).toEqual([
      { action: 'withdrawn' },
      { action: 'reopened' },
    ]);
  });

  it('taken back attaches where another shock has opened a case meanwhile', async () => {
    await service.triage(anAlertBatch([1], { shock: 1 }));
    await service.triage(anAlertBatch([1], { shock: 1, ...withdrawn }));
    await service.triage(anAlertBatch([1], { shock: 2 }));
    await service.triage(anAlertBatch([1], { shock: 1, revision: 3 }));
    expect(service.answers.of(1, 1)).toBe(TriageOutcome.ATTACHED);
    expect(await count('cases', 'state = 1')).toBe(1);
  });
});

describe('a check without risk', () => {
  const checked = (shock: number): Promise<number> =>
    service.app.transaction(everything, async (tx) => {
      await tx.execute('UPDATE check_items SET state = 101, checked_severity = severity');
      return tx.execute(
        `INSERT INTO check_results (origin, household_id, duty_code, revision, result, severity, checked_on, recorded_at,
                                    reason, checkers, actor, actor_role)
         SELECT origin, household_id, duty_code, revision, 101, severity, '2026-07-20', now(), '无损失', '{a,b}', 'x', 'helper'
           FROM check_items WHERE origin = 7000000 + $1`,
        [shock],
      );
    });

  it('answers for the same cause again, and asks for no second visit', async () => {
    await service.triage(anAlertBatch([1], { shock: 1, severity: 2 }));
    await checked(1);
    await service.triage(anAlertBatch([1, 2], { shock: 2, severity: 2 }));
    expect(
      await rows('SELECT household_id, state, remembered_origin FROM check_items WHERE origin = 7000002 ORDER BY 1'),
    ).toEqual([
      { household_id: 1, state: 101, remembered_origin: 7_000_001 },
      { household_id: 2, state: 1, remembered_origin: null },
    ]);
    expect(service.answers.of(2, 1)).toBe(TriageOutcome.LISTED);
  });

  it('does not answer for what is worse, for another cause, or after its months', async () => {
    await service.triage(anAlertBatch([1], { shock: 1, severity: 2 }));
    await checked(1);
    await service.triage(anAlertBatch([1], { shock: 2, severity: 3 }));
    await service.triage(anAlertBatch([1], { shock: 3, severity: 2, cause: 'price-fall' }));
    service.clock.set('2026-11-20T09:00:00+08:00');
    await service.triage(anAlertBatch([1], { shock: 4, severity: 2, speaksUntil: '2026-11-20' }));
    service.clock.set('2026-07-20T09:00:00+08:00');
    expect(await count('check_items', 'state = 1 AND origin > 7000001')).toBe(3);
  });

  it('is asked again when the same alert gets materially worse', async () => {
    await service.triage(anAlertBatch([1], { severity: 2 }));
    await checked(1);
    await service.triage(anAlertBatch([1], { revision: 2, severity: 2 }));
    expect(await count('check_items', 'state = 101')).toBe(1);
    await service.triage(anAlertBatch([1], { revision: 3, severity: 3 }));
    expect(await count('check_items', 'state = 1')).toBe(1);
  });
});
