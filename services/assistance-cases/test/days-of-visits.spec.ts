import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '@fangpin/domain-kit';
import { anAlertBatch, caseId, everything, RED, type AlertsGiven } from './harness.js';
import { triageWithPeople } from './people.js';

const YELLOW = 2;
const HOUSEHOLD = 1;
const visit = { reason: '入户核实', checkers: ['g-1', 'g-2'] };
const noRisk = { ...visit, result: 'no-risk' };

const desk = triageWithPeople();

/** Hail of 2026-07-18 unless told otherwise, heard of on the 20th. */
const say = (shock: number, given: AlertsGiven = {}): Promise<void> =>
  desk.service.triage(anAlertBatch([HOUSEHOLD], { shock, severity: YELLOW, ...given }));
const check = (shock: number, checkedOn: string, more: object = {}): Promise<void> =>
  desk.people.answer(caseId(shock, HOUSEHOLD), { ...noRisk, checkedOn, ...more });
const dismiss = (shock: number, toldOn: string): Promise<void> =>
  desk.people.step(caseId(shock, HOUSEHOLD), 'dismiss', { ...visit, toldOn });
const refusedFields = (doing: Promise<void>): Promise<string[]> =>
  doing.then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof InvalidFields)) throw error;
      return error.problems.map(({ field, rule }) => `${field} ${rule}`);
    },
  );
const rows = (text: string) => desk.service.app.transaction(everything, (tx) => tx.query(text));

describe('the day of a check', () => {
  it('is not before the thing began, and may be before anybody heard of it', async () => {
    await say(1);
    expect(await refusedFields(check(1, '2024-03-01'))).toEqual([
      'checkedOn must not lie before there was anything to see (2026-07-18)',
    ]);
    expect(await rows('SELECT * FROM check_results')).toEqual([]);
    await check(1, '2026-07-18');
  });

  it('is not before the day of a finding that states no other', async () => {
    await say(1, { beganOn: '' });
    expect(await refusedFields(check(1, '2026-07-19'))).toHaveLength(1);
    await check(1, '2026-07-20');
  });

  it('may be that on which its alert was raised, though the thing is dated later', async () => {
    await say(1, { beganOn: '2026-08-01', raisedAt: new Date('2026-07-19T09:00:00+08:00') });
    expect(await refusedFields(check(1, '2026-07-18'))).toHaveLength(1);
    await check(1, '2026-07-19');
  });

  it('goes by the earliest beginning that was stated', async () => {
    await say(1, { beganOn: '' });
    await say(1, { revision: 2, beganOn: '2026-07-17' });
    await say(1, { revision: 3, beganOn: '2026-07-19' });
    expect(await refusedFields(check(1, '2026-07-16'))).toHaveLength(1);
    await check(1, '2026-07-17');
  });

  it('is not before a check after which the household was asked of again', async () => {
    await say(1);
    await check(1, '2026-07-19');
    await say(1, { revision: 2, severity: RED - 1 });
    expect(await refusedFields(check(1, '2026-07-18'))).toEqual([
      'checkedOn must not lie before there was anything to see (2026-07-19)',
    ]);
    await check(1, '2026-07-20');
  });

  it('answers no other item that had not begun then', async () => {
    await say(1);
    await say(2, { cause: 'price-fall', beganOn: '2026-07-20' });
    const both = { alsoAnswers: [caseId(1, HOUSEHOLD), caseId(2, HOUSEHOLD)] };
    expect(await refusedFields(check(1, '2026-07-19', both))).toEqual([
      'alsoAnswers[1] must be an item of which there was anything to see on 2026-07-19 (2026-07-20)',
    ]);
    expect(await rows('SELECT * FROM check_results')).toEqual([]);
    await check(1, '2026-07-20', both);
    expect(await rows('SELECT * FROM check_results')).toHaveLength(2);
  });
});

describe('the day on which a household was told why its case was dismissed', () => {
  it('is not before all began that the dismissal answers', async () => {
    await say(1, { severity: RED });
    expect(await refusedFields(dismiss(1, '2020-01-01'))).toEqual([
      'toldOn must not lie before there was anything to see (2026-07-18)',
    ]);
    await say(2, { cause: 'price-fall', severity: RED, beganOn: '2026-07-19' });
    await say(3, { cause: 'illness', beganOn: '2026-07-20' });
    expect(await refusedFields(dismiss(1, '2026-07-19'))).toHaveLength(1);
    await dismiss(1, '2026-07-20');
  });

  it('does not wait for an alert that was withdrawn', async () => {
    await say(1, { severity: RED });
    await say(2, { cause: 'price-fall', severity: RED, beganOn: '2026-07-20' });
    await say(2, { cause: 'price-fall', severity: RED, beganOn: '2026-07-20', revision: 2, withdrawn: true });
    await dismiss(1, '2026-07-18');
  });
});
