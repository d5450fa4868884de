import { shanghaiDay } from '@fangpin/domain-kit';
import { describe, expect, it } from '@jest/globals';
import { CheckResult, findingKinds, FindingKind, TriageOutcome } from '@fangpin/contracts';
import { anAlertBatch, caseId, everything, ORANGE, RED } from './harness.js';
import { triageWithPeople } from './people.js';

const YELLOW = 2;
const HOUSEHOLD = 1;
const visit = { reason: '报销后自付不多', checkers: ['g-1', 'g-2'] };
const noRisk = { ...visit, result: 'no-risk' };

const desk = triageWithPeople();

/** As policy has it: a bill is looked at again once it has grown by half. */
const extentOf = (paid: number) => ({ extent: paid, asksAgainFrom: Math.round(paid * 1.5) });
/** An alert of a department's finding: each finding has an origin of its own, with one household. */
async function found(kind: FindingKind, finding: number, severity: number, revision = 1, paid = 0): Promise<void> {
  const { key: shockKind, cause } = findingKinds.find(({ code }) => code === kind) ?? { key: '', cause: '' };
  const speaksUntil = shanghaiDay(desk.service.clock.now());
  await desk.service.triage(
    anAlertBatch([HOUSEHOLD], {
      shock: finding,
      shockKind,
      cause,
      severity,
      revision,
      speaksUntil,
      beganOn: '',
      ...extentOf(paid),
    }),
  );
}
const spent = (finding: number, severity: number, revision?: number): Promise<void> =>
  found(FindingKind.MEDICAL_SPENDING, finding, severity, revision);
const paid = (finding: number, yuan: number, revision = 1, severity = RED): Promise<void> =>
  found(FindingKind.MEDICAL_SPENDING, finding, severity, revision, yuan);
const dismiss = (finding: number): Promise<void> =>
  desk.people.step(caseId(finding, HOUSEHOLD), 'dismiss', { ...visit, toldOn: '2026-07-20' });

const standing = async (): Promise<unknown[]> => {
  const read = (sql: string) => desk.service.app.transaction(everything, (tx) => tx.query<{ origin: number }>(sql));
  const items = await read('SELECT origin FROM check_items WHERE state < 100 ORDER BY 1');
  const cases = await read('SELECT case_origin AS origin FROM cases WHERE state < 100 ORDER BY 1');
  return [...items, ...cases].map(({ origin }) => origin - 7_000_000);
};

describe('medical spending, which is said anew each month', () => {
  it('asks for no second visit while it stands as it was when checked, in whatever finding it comes', async () => {
    await spent(1, YELLOW);
    await desk.people.answer(caseId(1, HOUSEHOLD), noRisk);
    await spent(1, YELLOW, 2);
    await spent(2, YELLOW);
    expect(await standing()).toEqual([]);
    expect(desk.service.answers.of(2, HOUSEHOLD)).toBe(TriageOutcome.LISTED);
  });

  it('asks again when it is materially worse, or the months of policy are over', async () => {
    await spent(1, YELLOW);
    await desk.people.answer(caseId(1, HOUSEHOLD), noRisk);
    await spent(1, ORANGE, 2);
    await spent(2, ORANGE);
    expect(await standing()).toEqual([1, 2]);
    await desk.people.answer(caseId(1, HOUSEHOLD), { ...noRisk, alsoAnswers: [caseId(2, HOUSEHOLD)] });
    desk.service.clock.set('2026-11-20T09:00:00+08:00');
    await spent(3, YELLOW);
    expect(await standing()).toEqual([3]);
  });

  it('is checked again once it has grown by the share of policy since the check, though never by that between two pushes', async () => {
    await paid(1, 6_000, 1, YELLOW);
    await paid(1, 8_000, 2, YELLOW);
    await desk.people.answer(caseId(1, HOUSEHOLD), noRisk);
    await paid(1, 9_000, 3, YELLOW);
    await paid(2, 11_999, 1, YELLOW);
    await paid(1, 11_998, 4, YELLOW);
    expect(await standing()).toEqual([]);
    expect(desk.service.answers.checks.at(-1)).toMatchObject({ result: CheckResult.NO_RISK });
    await paid(1, 12_000, 5, YELLOW);
    expect(await standing()).toEqual([1]);
    expect(desk.service.answers.checks.at(-1)).toMatchObject({ result: CheckResult.UNSPECIFIED, answeredUpTo: [0] });
    // Told in any order, and twice.
    await paid(1, 6_000, 1, YELLOW);
    await desk.people.answer(caseId(1, HOUSEHOLD), noRisk);
    await paid(1, 17_000, 6, YELLOW);
    await paid(3, 17_999, 1, YELLOW);
    expect(await standing()).toEqual([]);
    await paid(4, 18_000, 1, YELLOW);
    expect(await standing()).toEqual([4]);
  });

  it('asks again when another department finds something of another cause', async () => {
    await spent(1, YELLOW);
    await desk.people.answer(caseId(1, HOUSEHOLD), noRisk);
    await found(FindingKind.TUITION, 2, YELLOW);
    expect(await standing()).toEqual([2]);
  });
});

describe('a dismissed case', () => {
  it('answers for the same spending when it comes again, however grave the household stands', async () => {
    await spent(1, RED);
    await dismiss(1);
    await spent(2, RED);
    await spent(2, RED, 2);
    await spent(3, ORANGE);
    expect(await standing()).toEqual([]);
    expect([desk.service.answers.of(2, HOUSEHOLD), desk.service.answers.of(3, HOUSEHOLD)]).toEqual([
      TriageOutcome.LISTED,
      TriageOutcome.LISTED,
    ]);
  });

  it('answers for no bill ten times as large, in whatever finding that comes', async () => {
    await paid(1, 6_000);
    await dismiss(1);
    await paid(1, 8_998, 2);
    await paid(2, 8_998);
    expect(await standing()).toEqual([]);
    await paid(1, 60_000, 3);
    expect(await standing()).toEqual([1]);
    expect(desk.service.answers.of(1, HOUSEHOLD)).toBe(TriageOutcome.OPENED);
    desk.service.clock.set('2026-07-21T09:00:00+08:00');
    await dismiss(1);
    await paid(3, 60_000);
    await paid(1, 80_000, 4);
    expect(await standing()).toEqual([]);
    await paid(4, 90_000);
    expect(await standing()).toEqual([4]);
  });

  it('answers for what was seen in its own household, though the finding was of another one for a while', async () => {
    const { key: shockKind, cause } = findingKinds.find(({ key }) => key === 'medical-spending') ?? {
      key: '',
      cause: '',
    };
    const of = { shock: 1, shockKind, cause, severity: RED, speaksUntil: '2026-07-20', beganOn: '' };
    await paid(1, 6_000);
    await dismiss(1);
    await desk.service.triage(anAlertBatch([HOUSEHOLD], { ...of, revision: 2, withdrawn: true, ...extentOf(6_000) }));
    await desk.service.triage(anAlertBatch([2], { ...of, revision: 2, ...extentOf(60_000) }));
    await desk.people.step(caseId(1, 2), 'dismiss', { ...visit, toldOn: '2026-07-20' });
    await desk.service.triage(anAlertBatch([2], { ...of, revision: 3, withdrawn: true, ...extentOf(60_000) }));
    await paid(1, 8_000, 3);
    expect(await standing()).toEqual([]);
    await paid(1, 20_000, 4);
    expect(await standing()).toEqual([1]);
  });

  it('answers for every cause that it stood for, each as grave as it was', async () => {
    await spent(1, RED);
    await found(FindingKind.TUITION, 2, RED);
    await found(FindingKind.WATER, 3, YELLOW);
    await dismiss(1);
    await found(FindingKind.TUITION, 4, RED);
    await found(FindingKind.WATER, 5, YELLOW);
    expect(await standing()).toEqual([]);
    await found(FindingKind.WATER, 6, ORANGE);
    expect(await standing()).toEqual([6]);
  });

  it('that grew from a check list, after many tries, is remembered as well', async () => {
    await spent(1, ORANGE);
    for (let tries = 0; tries < 3; tries += 1)
      await desk.people.answer(caseId(1, HOUSEHOLD), { ...noRisk, result: 'unreachable' });
    await desk.people.answer(caseId(1, HOUSEHOLD), { ...noRisk, result: 'risk' });
    desk.service.clock.set('2026-07-20T15:00:00+08:00');
    await dismiss(1);
    await spent(2, ORANGE);
    expect(await standing()).toEqual([]);
  });

  it('does not answer for a new event, nor for a new shock that is grave', async () => {
    await found(FindingKind.ACCIDENT, 1, RED);
    await dismiss(1);
    await found(FindingKind.ACCIDENT, 2, RED);
    expect(await standing()).toEqual([2]);
    await dismiss(2);
    await desk.service.triage(anAlertBatch([HOUSEHOLD], { shock: 3, severity: RED }));
    await dismiss(3);
    await desk.service.triage(anAlertBatch([HOUSEHOLD], { shock: 4, severity: RED }));
    expect(await standing()).toEqual([4]);
  });
});
