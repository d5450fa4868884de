import { FindingKind, findingKinds, TriageOutcome } from '@fangpin/contracts';
import { shanghaiDay } from '@fangpin/domain-kit';
import { describe, expect, it } from '@jest/globals';
import { anAlertBatch, caseId, everything, originOf, RED } from './harness.js';
import { triageWithPeople } from './people.js';

const YELLOW = 2;
const HOUSEHOLD = 1;
const visit = { reason: '报销后自付不多', checkers: ['g-1', 'g-2'] };

const desk = triageWithPeople();

/** Alerts of several shocks for one household, each told until today. */
const alert = (shock: number, severity: number, revision: number, withdrawn = false): Promise<void> =>
  desk.service.triage(
    anAlertBatch([HOUSEHOLD], {
      ...{ shock, severity, revision, withdrawn, cause: `cause-${shock}` },
      speaksUntil: shanghaiDay(desk.service.clock.now()),
    }),
  );
const withdraw = (shock: number, revision: number): Promise<void> => alert(shock, RED, revision, true);
const dismiss = (shock: number): Promise<void> =>
  desk.people.step(caseId(shock, HOUSEHOLD), 'dismiss', { ...visit, toldOn: shanghaiDay(desk.service.clock.now()) });
const months = (count: number): void =>
  desk.service.clock.set(new Date(Date.UTC(2026, 6 + count, 21, 1)).toISOString());

const rows = (sql: string) => desk.service.app.transaction(everything, (tx) => tx.query(sql));
const theCase = async (shock: number): Promise<unknown> =>
  (
    await rows(`SELECT state, acted, severity, flagged_at IS NOT NULL AS marked FROM cases
    WHERE case_origin = ${originOf(shock)}`)
  )[0];
const CLUE = 1;
const VERIFYING = 2;
const DISMISSED = 103;
const WITHDRAWN = 109;

describe('a case that is taken up again', () => {
  it('is dismissed again, together with an alert of before that is on the check list by now', async () => {
    await alert(1, RED, 1);
    await alert(2, RED, 1);
    await dismiss(1);
    months(4);
    await alert(2, YELLOW, 2);
    await alert(1, RED, 2);
    expect(await theCase(1)).toMatchObject({ state: CLUE });
    await dismiss(1);
    expect(await rows('SELECT 1 FROM check_items WHERE state < 100')).toEqual([]);
    expect(await rows('SELECT origin FROM check_results ORDER BY recorded_at, origin')).toMatchObject(
      [1, 2, 1, 2].map((shock) => ({ origin: originOf(shock) })),
    );
  });

  it('ends when its alerts are withdrawn, though another stood behind it once, and that is said', async () => {
    await alert(1, RED, 1);
    await alert(2, RED, 1);
    await dismiss(1);
    await alert(2, RED, 2);
    expect(desk.service.answers.of(2, HOUSEHOLD)).toBe(TriageOutcome.LISTED);
    await withdraw(2, 3);
    months(4);
    await alert(1, RED, 2);
    expect(await theCase(1)).toMatchObject({ state: CLUE });
    await withdraw(1, 3);
    expect(await theCase(1)).toMatchObject({ state: WITHDRAWN });
    await alert(1, RED, 4);
    await withdraw(1, 5);
    expect(desk.service.answers.steps.map(({ action, state }) => [action, state])).toEqual([
      ['asked-again', 'clue'],
      ['withdrawn', 'withdrawn'],
      ['reopened', 'clue'],
      ['withdrawn', 'withdrawn'],
    ]);
  });

  it('bears no mark of what was withdrawn before', async () => {
    await alert(1, RED, 1);
    await alert(2, RED, 1);
    await dismiss(1);
    await withdraw(2, 2);
    expect(await theCase(1)).toMatchObject({ state: DISMISSED, marked: true });
    months(4);
    await alert(1, RED, 2);
    expect(await theCase(1)).toMatchObject({ state: CLUE, marked: false });
  });

  it('still has behind it what was attached and never said anew', async () => {
    await alert(1, RED, 1);
    await alert(2, RED, 1);
    await dismiss(1);
    months(4);
    await alert(1, RED, 2);
    await withdraw(1, 3);
    expect(await theCase(1)).toMatchObject({ state: CLUE });
    await withdraw(2, 2);
    expect(await theCase(1)).toMatchObject({ state: WITHDRAWN });
  });
});

describe('an untouched clue that a recall closed', () => {
  it('is no step that others hear of, nor that it is open again', async () => {
    await alert(1, RED, 1);
    await withdraw(1, 2);
    await alert(1, RED, 3);
    await withdraw(1, 4);
    expect(await theCase(1)).toMatchObject({ state: WITHDRAWN });
    expect(desk.service.answers.steps).toEqual([]);
  });
});

describe('the mark of a dismissed case', () => {
  it.each([1, 2])('goes when alert %i is raised again', async (shock) => {
    await alert(1, RED, 1);
    await alert(2, RED, 1);
    await dismiss(1);
    await withdraw(shock, 2);
    expect(await theCase(1)).toMatchObject({ marked: true });
    await alert(shock, RED, 3);
    expect(await theCase(1)).toMatchObject({ state: DISMISSED, marked: false });
  });
});

describe('an alert that is raised again', () => {
  it('throws back no case that somebody has begun since, because of another alert', async () => {
    await alert(1, RED, 1);
    await alert(2, RED, 1);
    await withdraw(1, 2);
    await desk.people.step(caseId(1, HOUSEHOLD), 'start-verification', {});
    await alert(1, RED, 3);
    expect(await theCase(1)).toMatchObject({ state: VERIFYING, acted: true, severity: RED });
    expect(desk.service.answers.of(1, HOUSEHOLD)).toBe(TriageOutcome.OPENED);
    expect(desk.service.answers.steps).toEqual([]);
  });
});

describe('an origin of before, which did not say what it is about', () => {
  it('is known by its subject once that is said', async () => {
    const { key: shockKind, cause } = findingKinds.find(({ code }) => code === FindingKind.MEDICAL_SPENDING) ?? {
      ...{ key: '', cause: '' },
    };
    const spent = (shock: number, revision: number, subject: number): Promise<void> =>
      desk.service.triage(
        anAlertBatch([HOUSEHOLD], { shock, revision, subject, shockKind, cause, severity: YELLOW, beganOn: '' }),
      );
    await spent(1, 1, 0);
    await spent(1, 2, 31);
    await desk.people.answer(caseId(1, HOUSEHOLD), { ...visit, result: 'no-risk' });
    await spent(2, 1, 31);
    expect(await rows('SELECT origin FROM check_items WHERE state < 100')).toEqual([]);
  });
});
