import { CheckResult, findingKinds, FindingKind, TriageOutcome } from '@fangpin/contracts';
import { shanghaiDay } from '@fangpin/domain-kit';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anAlertBatch, caseId, everything, ORANGE, originOf, RED, type AlertsGiven } from './harness.js';
import { triageWithPeople } from './people.js';

const BLUE = 1;
const YELLOW = 2;
const HOUSEHOLD = 1;
const FATHER = 11;
const MOTHER = 12;
const visit = { reason: '报销后自付不多', checkers: ['g-1', 'g-2'] };
const noRisk = { ...visit, result: 'no-risk' };

const desk = triageWithPeople();

const today = (): string => shanghaiDay(desk.service.clock.now());
const alert = (shock: number, given: AlertsGiven): Promise<void> =>
  desk.service.triage(anAlertBatch([HOUSEHOLD], { shock, speaksUntil: today(), ...given }));
/** Of one person: the subject is that of the person and the kind. */
function found(
  kind: FindingKind,
  finding: number,
  severity: number,
  person: number,
  revision = 1,
  paid = 0,
): Promise<void> {
  const { key: shockKind, cause } = findingKinds.find(({ code }) => code === kind) ?? { key: '', cause: '' };
  return alert(finding, {
    shockKind,
    cause,
    severity,
    revision,
    subject: person * 100 + kind,
    beganOn: '',
    extent: paid,
    asksAgainFrom: 2 * paid,
  });
}
const spent = (finding: number, severity: number, person: number, revision?: number): Promise<void> =>
  found(FindingKind.MEDICAL_SPENDING, finding, severity, person, revision);
const answer = (shock: number, body: unknown = noRisk): Promise<void> =>
  desk.people.answer(caseId(shock, HOUSEHOLD), body);
const dismiss = (shock: number): Promise<void> =>
  desk.people.step(caseId(shock, HOUSEHOLD), 'dismiss', { ...visit, toldOn: today() });

const rows = (sql: string) =>
  desk.service.app.transaction(everything, (tx) => tx.query<Record<string, unknown> & { origin: number }>(sql));
/** Alerts that ask for a visit: open items, then open cases. */
const standing = async (): Promise<number[]> => {
  const items = await rows('SELECT origin FROM check_items WHERE state < 100 ORDER BY 1');
  const cases = await rows('SELECT case_origin AS origin FROM cases WHERE state < 100 ORDER BY 1');
  return [...items, ...cases].map(({ origin }) => origin - originOf(0));
};
const lastSaid = () => desk.service.answers.checks.at(-1);

describe('a check of one patient', () => {
  it('sends somebody to the other, whether it was a visit or the end of a case', async () => {
    await spent(1, RED, FATHER);
    await dismiss(1);
    await spent(2, RED, MOTHER);
    expect(await standing()).toEqual([2]);
    await dismiss(2);
    await spent(3, YELLOW, FATHER);
    await spent(4, YELLOW, MOTHER);
    expect(await standing()).toEqual([]);
    await spent(5, YELLOW, MOTHER + 1);
    expect(await standing()).toEqual([5]);
  });

  it('outlasts a risk found of the other', async () => {
    await spent(1, YELLOW, FATHER);
    await spent(2, YELLOW, MOTHER);
    await answer(1);
    desk.service.clock.set('2026-07-21T09:00:00+08:00');
    await answer(2, { ...visit, result: 'unreachable' });
    await spent(3, YELLOW, FATHER);
    expect(await standing()).toEqual([2]);
  });
});

describe('a check of one thing', () => {
  it('says nothing of another of the same cause', async () => {
    await found(FindingKind.TUITION, 1, RED, FATHER);
    await dismiss(1);
    await found(FindingKind.DROP_OUT, 2, RED, FATHER);
    expect(await standing()).toEqual([2]);
    await dismiss(2);
    await alert(3, { shockKind: 'earthquake', cause: 'dwelling', severity: RED });
    await dismiss(3);
    await found(FindingKind.UNSAFE_HOUSE, 4, RED, 0);
    expect(await standing()).toEqual([4]);
  });

  it('says nothing of an alert that does not tell what it is about', async () => {
    await found(FindingKind.TUITION, 1, YELLOW, FATHER);
    await answer(1);
    await alert(2, { shockKind: 'tuition', cause: 'schooling', severity: YELLOW, subject: 0, beganOn: '' });
    await answer(2);
    await alert(3, { shockKind: 'tuition', cause: 'schooling', severity: YELLOW, subject: 0, beganOn: '' });
    expect(await standing()).toEqual([3]);
  });

  it('of several alerts together says nothing of others together, though the causes be the same', async () => {
    const together = { cause: 'several', shockKind: 'crop-disaster+illness', severity: ORANGE, beganOn: '' };
    await alert(1, { ...together, subject: 31 });
    await answer(1);
    await alert(2, { ...together, subject: 32 });
    await alert(3, { ...together, subject: 31 });
    expect(await standing()).toEqual([2]);
  });

  it('of pigs says nothing of walnuts', async () => {
    const fall = { shockKind: 'price-fall', cause: 'price-fall', severity: YELLOW };
    await alert(1, { ...fall, subject: 201 });
    await answer(1);
    await alert(2, { ...fall, subject: 115 });
    await alert(3, { ...fall, subject: 201 });
    expect(await standing()).toEqual([2]);
  });
});

describe('a check after a hailstorm', () => {
  const hail = (shock: number, beganOn: string): Promise<void> => alert(shock, { severity: YELLOW, beganOn });

  it('answers for one that had come before it, and for none that comes after', async () => {
    await hail(1, '2026-07-10');
    await answer(1);
    await hail(2, '2026-07-19');
    expect(await standing()).toEqual([]);
    await hail(3, '2026-08-02');
    expect(await standing()).toEqual([3]);
  });

  it('of the same day answers for none: nobody knows which came first', async () => {
    await hail(1, '2026-07-10');
    await answer(1);
    await hail(2, '2026-07-20');
    expect(await standing()).toEqual([2]);
  });
});

describe('a check of a child that was back at school', () => {
  const dropOut = (finding: number, beganOn: string): Promise<void> =>
    alert(finding, { shockKind: 'drop-out', cause: 'schooling', severity: YELLOW, subject: FATHER, beganOn });

  it('answers for another finding of the same absence, and for none that began since', async () => {
    await dropOut(1, '2026-07-01');
    await answer(1, { ...noRisk, reason: '已返校' });
    await dropOut(2, '2026-07-10');
    expect(await standing()).toEqual([]);
    desk.service.clock.set('2026-08-20T09:00:00+08:00');
    await dropOut(3, '2026-08-03');
    expect(await standing()).toEqual([3]);
    expect(desk.service.answers.of(3, HOUSEHOLD)).toBe(TriageOutcome.LISTED);
  });
});

describe('a check of an alert that goes on', () => {
  const price = (severity: number, revision: number, speaksUntil = today()): Promise<void> =>
    alert(1, { shockKind: 'price-fall', cause: 'price-fall', severity, revision, speaksUntil });

  it('answers for a season, and is then asked for again', async () => {
    await price(YELLOW, 1);
    await answer(1);
    desk.service.clock.set('2026-10-20T09:00:00+08:00');
    await price(YELLOW, 2);
    expect(await standing()).toEqual([]);
    desk.service.clock.set('2026-10-21T09:00:00+08:00');
    await price(YELLOW, 3);
    expect(await standing()).toEqual([1]);
    expect(lastSaid()).toMatchObject({ result: CheckResult.UNSPECIFIED, answeredUpTo: [0] });
  });

  it('answers on where the alert is judged again and tells of nothing since', async () => {
    await price(YELLOW, 1);
    await answer(1);
    desk.service.clock.set('2027-03-01T09:00:00+08:00');
    await price(YELLOW, 2, '2026-07-19');
    expect(await standing()).toEqual([]);
  });
});

describe('a case that was dismissed', () => {
  const hail = (severity: number, revision: number): Promise<void> => alert(1, { severity, revision });

  it('leaves a household to be visited whom the shock strikes worse than it knew', async () => {
    await hail(BLUE, 1);
    await answer(1, { ...visit, result: 'risk' });
    await dismiss(1);
    await hail(BLUE, 2);
    expect(await standing()).toEqual([]);
    await hail(RED, 3);
    expect(await standing()).toEqual([1]);
    expect(desk.service.answers.of(1, HOUSEHOLD)).toBe(TriageOutcome.OPENED);
    expect(desk.service.answers.steps).toMatchObject([
      { action: 'asked-again', state: 'clue', caseId: caseId(1, HOUSEHOLD) },
    ]);
    expect(await rows('SELECT acted, severity, flagged_at FROM cases')).toMatchObject([
      { acted: false, severity: RED, flagged_at: null },
    ]);
    // It goes its way as any case does.
    desk.service.clock.set('2026-07-21T09:00:00+08:00');
    await dismiss(1);
    await hail(RED, 4);
    expect(await standing()).toEqual([]);
  });

  it('lists it where it is worse and below the case band', async () => {
    await hail(BLUE, 1);
    await answer(1, { ...visit, result: 'risk' });
    await dismiss(1);
    await hail(ORANGE, 2);
    expect(await standing()).toEqual([1]);
    expect(desk.service.answers.of(1, HOUSEHOLD)).toBe(TriageOutcome.LISTED);
    // And the visit is recorded as any is, after the results of the case.
    await answer(1);
    await hail(ORANGE, 3);
    expect(await standing()).toEqual([]);
    expect(lastSaid()).toMatchObject({ result: CheckResult.NO_RISK, answeredUpTo: [ORANGE] });
  });

  it('answers for what is no worse, and it is said so, for the months of policy', async () => {
    await hail(RED, 1);
    await dismiss(1);
    await hail(RED, 2);
    expect(await standing()).toEqual([]);
    expect(desk.service.answers.of(1, HOUSEHOLD)).toBe(TriageOutcome.LISTED);
    expect(lastSaid()).toMatchObject({ result: CheckResult.NO_RISK, answeredUpTo: [RED], checkedOn: '2026-07-20' });
    expect(await rows('SELECT severity, state FROM cases')).toMatchObject([{ severity: RED, state: 103 }]);
    desk.service.clock.set('2026-10-21T09:00:00+08:00');
    await hail(RED, 3);
    expect(await standing()).toEqual([1]);
    expect(lastSaid()).toMatchObject({ result: CheckResult.UNSPECIFIED });
  });

  it('answers for every alert that it stood for, each as grave as it was', async () => {
    await hail(RED, 1);
    await spent(2, YELLOW, FATHER);
    await found(FindingKind.TUITION, 3, RED, MOTHER);
    await dismiss(1);
    await spent(2, YELLOW, FATHER, 2);
    await found(FindingKind.TUITION, 3, RED, MOTHER, 2);
    expect(await standing()).toEqual([]);
    await spent(2, ORANGE, FATHER, 3);
    expect(await standing()).toEqual([2]);
    desk.service.clock.set('2026-10-21T09:00:00+08:00');
    await found(FindingKind.TUITION, 3, RED, MOTHER, 3);
    expect(await standing()).toEqual([2, 3]);
  });
});

describe('whatever is found and checked', () => {
  const step = fc.record({
    kind: fc.constantFrom(FindingKind.MEDICAL_SPENDING, FindingKind.TUITION, FindingKind.DROP_OUT),
    person: fc.constantFrom(FATHER, MOTHER),
    severity: fc.integer({ min: 1, max: 4 }),
    paid: fc.integer({ min: 1, max: 4 }),
    checked: fc.boolean(),
  });

  it('a check never answers for another subject, and always for its own while that is no worse and not much more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        await desk.service.clear();
        let minutes = 0;
        const seen = new Map<string, { severity: number; paid: number }>();
        for (const [finding, { kind, person, severity, paid, checked }] of steps.entries()) {
          desk.service.clock.set(new Date(Date.UTC(2026, 6, 20, 1, (minutes += 1))).toISOString());
          await found(kind, finding, severity, person, 1, paid);
          const subject = `${kind}/${person}`;
          const known = seen.get(subject);
          const asked = (await standing()).includes(finding);
          const isNew = known === undefined || severity > known.severity || paid >= 2 * known.paid;
          expect([subject, severity, paid, asked]).toEqual([subject, severity, paid, isNew]);
          if (asked && !checked) return;
          if (!asked) continue;
          if (severity === RED) await dismiss(finding);
          else await answer(finding);
          seen.set(subject, { severity, paid });
        }
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
