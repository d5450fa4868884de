import { describe, expect, it } from '@jest/globals';
import { JOINT_CAUSE, TriageOutcome } from '@fangpin/contracts';
import { anAlertBatch, caseId, everything, RED, type AlertsGiven } from './harness.js';
import { triageWithPeople } from './people.js';

const BLUE = 1;
const YELLOW = 2;
const HOUSEHOLD = 1;
const visit = { reason: '入户核实', checkers: ['g-1', 'g-2'] };

const desk = triageWithPeople();

const CAUSES = ['', 'crop-disaster', 'price-fall', JOINT_CAUSE];
/** Shock 1 is hail, 2 a fall of prices, each blue; 3 what both are together. */
const batch = (shock: number, given: AlertsGiven = {}) => {
  const joint = shock >= 3;
  const said = joint ? { severity: RED, shockKind: 'crop-disaster+price-fall' } : { severity: BLUE };
  return anAlertBatch([HOUSEHOLD], { shock, cause: CAUSES[Math.min(shock, 3)] ?? '', ...said, ...given });
};
const say = (shock: number, given?: AlertsGiven): Promise<void> => desk.service.triage(batch(shock, given));
const read = (text: string) => desk.service.app.transaction(everything, (tx) => tx.query<Record<string, number>>(text));
const openCases = () =>
  read(
    `SELECT case_origin - 7000000 AS shock, severity, flagged_at IS NOT NULL AS flagged FROM cases WHERE state < 100`,
  );
const openItems = async () =>
  (await read('SELECT origin - 7000000 AS shock FROM check_items WHERE state < 100 ORDER BY 1')).map(
    ({ shock }) => shock,
  );
const outcome = (shock: number): TriageOutcome | undefined => desk.service.answers.of(shock, HOUSEHOLD);

describe('what several causes of a household are together', () => {
  it('makes one case of two losses that are blue each', async () => {
    for (const shock of [1, 2]) await say(shock);
    expect(await openCases()).toEqual([]);
    await say(3);
    expect(await openCases()).toEqual([{ shock: 3, severity: RED, flagged: false }]);
    expect([1, 2, 3].map(outcome)).toEqual([TriageOutcome.LISTED, TriageOutcome.LISTED, TriageOutcome.OPENED]);
    // What was listed is joined to the case.
    expect(await openItems()).toEqual([1, 2]);
  });

  it('comes to the same in whatever order it is heard, and however often', async () => {
    const standing = async () => [await openCases(), await openItems(), [1, 2, 3].map(outcome)];
    const seen: unknown[] = [];
    for (const order of [
      [1, 2, 3],
      [3, 2, 1],
      [2, 3, 1, 3, 2],
    ]) {
      await desk.service.clear();
      for (const shock of order) await say(shock);
      seen.push(await standing());
    }
    await desk.service.clear();
    await desk.service.triage(...[3, 1, 2].map((shock) => batch(shock)));
    seen.push(await standing());
    expect(seen).toEqual(seen.map(() => seen[0]));
  });

  it('is dropped with its case when one of them is withdrawn before anybody has acted', async () => {
    for (const shock of [1, 2, 3]) await say(shock);
    await say(1, { revision: 2, withdrawn: true });
    await say(3, { revision: 2, withdrawn: true });
    expect(await openCases()).toEqual([]);
    expect(await openItems()).toEqual([2]);
    expect([1, 3].map(outcome)).toEqual([TriageOutcome.DROPPED, TriageOutcome.DROPPED]);
  });

  it('marks the case when somebody has acted', async () => {
    for (const shock of [1, 2, 3]) await say(shock);
    await desk.people.step(caseId(3, HOUSEHOLD), 'start-verification', {});
    await say(3, { revision: 2, withdrawn: true });
    expect(await openCases()).toMatchObject([{ shock: 3, flagged: true }]);
    expect(outcome(3)).toBe(TriageOutcome.FLAGGED);
  });

  it('marks nothing when it is withdrawn for what a check has found', async () => {
    for (const shock of [1, 2]) await say(shock);
    await say(3, { severity: YELLOW });
    const ids = [1, 2, 3].map((shock) => caseId(shock, HOUSEHOLD));
    await desk.people.answer(caseId(3, HOUSEHOLD), { ...visit, result: 'no-risk', alsoAnswers: ids });
    await say(3, { revision: 2, withdrawn: true });
    // A recall of the hail itself is news, also to those who have been there.
    await say(1, { revision: 2, withdrawn: true });
    expect(await read('SELECT origin - 7000000 AS shock FROM check_items WHERE flagged_at IS NOT NULL')).toEqual([
      { shock: 1 },
    ]);
    expect([1, 3].map(outcome)).toEqual([TriageOutcome.FLAGGED, TriageOutcome.FLAGGED]);
  });

  it('marks no case whose dismissal has answered it', async () => {
    for (const shock of [1, 2, 3]) await say(shock);
    await desk.people.step(caseId(3, HOUSEHOLD), 'dismiss', { ...visit, toldOn: '2026-07-20' });
    await say(3, { revision: 2, withdrawn: true });
    expect(await read('SELECT state FROM cases WHERE flagged_at IS NOT NULL')).toEqual([]);
    expect(await read(`SELECT revision FROM case_steps WHERE action = 'flagged'`)).toEqual([]);
    expect(outcome(3)).toBe(TriageOutcome.FLAGGED);
  });

  it('leaves the mark of a case that was there before its dismissal', async () => {
    for (const shock of [1, 2, 3]) await say(shock);
    await desk.people.step(caseId(3, HOUSEHOLD), 'start-verification', {});
    await say(3, { revision: 2, withdrawn: true });
    await desk.people.step(caseId(3, HOUSEHOLD), 'dismiss', { ...visit, toldOn: '2026-07-20' });
    await say(3, { revision: 3, withdrawn: true });
    expect(await read('SELECT state FROM cases WHERE flagged_at IS NOT NULL')).toHaveLength(1);
  });

  it('attaches to a case that the household has', async () => {
    await say(1, { severity: RED });
    await say(2);
    await say(3);
    expect(await openCases()).toMatchObject([{ shock: 1 }]);
    expect(outcome(3)).toBe(TriageOutcome.ATTACHED);
  });

  it('is answered by a check that found no risk only where it was made of the same causes', async () => {
    await say(3, { severity: YELLOW });
    await desk.people.answer(caseId(3, HOUSEHOLD), { ...visit, result: 'no-risk' });
    await say(4, { severity: YELLOW });
    expect(await openItems()).toEqual([]);
    await say(5, { severity: YELLOW, shockKind: 'crop-disaster+illness' });
    expect(await openItems()).toEqual([5]);
  });
});
