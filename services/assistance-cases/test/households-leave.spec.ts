import { createHash } from 'node:crypto';
import { CheckResult, TriageOutcome } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { talliesOfOrigin } from '../src/reconciliation/own-tallies.js';
import { ANSWERED_BY_LEAVING } from '../src/register/left-states.js';
import { TriagePolicy } from '../src/triage/triage-policy.js';
import { anAlertBatch, caseId, everything, originOf, RED, TOWNSHIP } from './harness.js';
import { triageWithPeople } from './people.js';
import { registerOn, told, type Register } from './register.js';

const YELLOW = 2;
const CLUE = 1;
const VERIFYING = 2;
const MOVED_OUT = 108;
const DISSOLVED = 106;
const LISTED = 1;
const ITEM_RISK = 102;
const ITEM_MOVED_OUT = 104;
const ITEM_DISSOLVED = 105;

const desk = triageWithPeople();
let register: Register;
beforeAll(async () => {
  register = await registerOn(desk.service);
});
beforeEach(() => register.clear());

/** Alerts of several shocks. */
const alert = (households: number[], shock: number, severity: number, revision = 1, withdrawn = false): Promise<void> =>
  desk.service.triage(anAlertBatch(households, { shock, severity, revision, withdrawn, cause: `cause-${shock}` }));
const leaves = (household: number, version = 2): Promise<void> => register.say(told(household, version, 'moved-out'));
const returns = (household: number, version = 3): Promise<void> => register.say(told(household, version, null));
const rows = (sql: string) => desk.service.app.transaction(everything, (tx) => tx.query(sql));
const cases = (): Promise<unknown[]> =>
  rows('SELECT household_id AS household, state, household_left AS left FROM cases ORDER BY household_id, case_origin');
const items = (): Promise<unknown[]> =>
  rows('SELECT household_id AS household, origin, state FROM check_items ORDER BY household_id, origin');
const asked = (): Promise<unknown[]> =>
  rows('SELECT household_id FROM cases WHERE state < 100 UNION SELECT household_id FROM check_items WHERE state < 100');
const saidChecks = () =>
  desk.service.answers.checks.flatMap(({ result, householdIds, answeredUpTo }) =>
    householdIds.map((household, i) => [result, Number(household), answeredUpTo[i]]),
  );

describe('a household that leaves', () => {
  it('is visited no more: its untouched clue and its check items end by the register, with the reason', async () => {
    await alert([1, 2], 1, RED);
    await alert([1, 2], 2, YELLOW);
    await register.say(told(1, 2, 'moved-out'), told(2, 2, 'household-dissolved'));
    expect(await cases()).toEqual([
      { household: 1, state: MOVED_OUT, left: null },
      { household: 2, state: DISSOLVED, left: null },
    ]);
    expect(await items()).toMatchObject([
      { household: 1, state: ITEM_MOVED_OUT },
      { household: 2, state: ITEM_DISSOLVED },
    ]);
    expect(await rows('SELECT action, reason, actor FROM case_steps ORDER BY household_id')).toEqual([
      { action: 'household-left', reason: '农户台账已登记该户迁出，线索尚未核实，由系统办结', actor: null },
      { action: 'household-left', reason: '农户台账已登记该户自然减少，线索尚未核实，由系统办结', actor: null },
    ]);
    expect(desk.service.answers.steps.map(({ state }) => state)).toEqual(['moved-out', 'household-dissolved']);
    expect(saidChecks()).toEqual([
      [CheckResult.MOVED_OUT, 1, ANSWERED_BY_LEAVING],
      [CheckResult.HOUSEHOLD_DISSOLVED, 2, ANSWERED_BY_LEAVING],
    ]);
  });

  it('is not torn from who works on its case: that is marked, and ends without a day of telling', async () => {
    await alert([1], 1, RED);
    await alert([1], 2, YELLOW);
    await desk.people.step(caseId(1, 1), 'start-verification', {});
    await expect(desk.people.step(caseId(1, 1), 'move-out', { reason: '全家迁往外县' })).rejects.toMatchObject({
      code: 'CASE.ACTION_NOT_ALLOWED',
      details: { reasons: [{ code: 'CASE.REGISTER' }] },
    });
    await leaves(1);
    expect(await cases()).toEqual([{ household: 1, state: VERIFYING, left: 2 }]);
    expect(await items()).toMatchObject([{ state: ITEM_MOVED_OUT }]);
    await expect(desk.people.step(caseId(1, 1), 'dissolve-household', { reason: '已销户' })).rejects.toThrow();
    await desk.people.step(caseId(1, 1), 'move-out', { reason: '全家迁往外县' });
    expect(await cases()).toMatchObject([{ state: MOVED_OUT }]);
    expect(await rows('SELECT action, told_on FROM case_steps ORDER BY revision')).toEqual([
      { action: 'start-verification', told_on: null },
      { action: 'household-left', told_on: null },
      { action: 'move-out', told_on: null },
    ]);
  });

  it('is asked for no visit by what comes later, and every alert is answered', async () => {
    await leaves(1);
    await alert([1, 2], 1, RED);
    await alert([1, 2], 2, YELLOW);
    expect(await cases()).toMatchObject([{ household: 2, state: CLUE }]);
    expect(await items()).toMatchObject([
      { household: 1, origin: originOf(1), state: ITEM_MOVED_OUT },
      { household: 1, origin: originOf(2), state: ITEM_MOVED_OUT },
      { household: 2, origin: originOf(2), state: LISTED },
    ]);
    expect(desk.service.answers.of(1, 1)).toBe(TriageOutcome.LISTED);
    expect(desk.service.answers.of(2, 1)).toBe(TriageOutcome.LISTED);
    expect(saidChecks()).toEqual([
      [CheckResult.MOVED_OUT, 1, ANSWERED_BY_LEAVING],
      [CheckResult.MOVED_OUT, 1, ANSWERED_BY_LEAVING],
    ]);
  });

  it('counts in the daily comparison as risk-alerts has heard it: answered, by more than a check', async () => {
    await alert([1, 2], 2, YELLOW);
    await leaves(1);
    const tallies = await desk.service.app.transaction(everything, (tx) =>
      talliesOfOrigin(tx, originOf(2), [TOWNSHIP], true, new TriagePolicy(loadPolicy())),
    );
    const checksHash = createHash('md5').update(`1:${ANSWERED_BY_LEAVING}`).digest('hex');
    expect(tallies.get(TOWNSHIP)).toMatchObject({ households: 2, checks: 1, checksHash });
  });

  it('stays away though an alert of before is told again, worse, or withdrawn', async () => {
    await alert([1], 1, RED);
    await alert([1], 2, YELLOW);
    await leaves(1);
    await alert([1], 1, RED, 2);
    await alert([1], 2, RED, 2);
    expect(await asked()).toEqual([]);
    await alert([1], 1, RED, 3, true);
    await alert([1], 2, RED, 3, true);
    expect(desk.service.answers.of(1, 1)).toBe(TriageOutcome.DROPPED);
    expect(desk.service.answers.of(2, 1)).toBe(TriageOutcome.DROPPED);
    expect(await cases()).toMatchObject([{ state: MOVED_OUT }]);
    expect(await items()).toMatchObject([{ state: ITEM_MOVED_OUT }]);
    await returns(1);
    expect(await asked()).toEqual([]);
  });

  it('is judged by revision: what is repeated, or comes late, changes nothing', async () => {
    await alert([1], 1, RED);
    await register.say(told(1, 4, null), told(1, 3, 'moved-out'));
    await leaves(1, 2);
    await leaves(1, 4);
    expect(await cases()).toMatchObject([{ state: CLUE }]);
    await leaves(1, 5);
    await leaves(1, 5);
    await returns(1, 4);
    expect(await cases()).toMatchObject([{ state: MOVED_OUT }]);
    expect(await rows('SELECT action FROM case_steps')).toEqual([{ action: 'household-left' }]);
  });

  it('needs no row of its own while it only changes', async () => {
    await register.say(told(1, 1, null), told(2, 2, null));
    expect(await rows('SELECT household_id FROM left_households')).toEqual([]);
  });
});

describe('a household that is back', () => {
  it('is asked what still stands, under clocks that begin anew', async () => {
    await alert([1], 1, RED);
    await alert([1], 2, YELLOW);
    await leaves(1);
    desk.service.clock.set('2026-08-20T09:00:00+08:00');
    desk.service.answers.checks.length = 0;
    await returns(1);
    expect(await cases()).toEqual([{ household: 1, state: CLUE, left: null }]);
    expect(await items()).toMatchObject([{ state: LISTED }]);
    expect(await rows(`SELECT 1 FROM cases WHERE due_at < '2026-08-21' OR acted`)).toEqual([]);
    expect(await rows(`SELECT 1 FROM check_items WHERE due_at < '2026-08-21'`)).toEqual([]);
    expect(saidChecks()).toEqual([[CheckResult.UNSPECIFIED, 1, 0]]);
    expect(desk.service.answers.steps.map(({ action, state }) => [action, state])).toEqual([
      ['household-left', 'moved-out'],
      ['household-back', 'clue'],
    ]);
  });

  it('gets a case for the gravest of what came meanwhile, where it is in the case band', async () => {
    await leaves(1);
    await alert([1], 1, YELLOW);
    await alert([1], 2, RED);
    await alert([1], 3, RED);
    await returns(1);
    expect(await rows('SELECT case_origin AS origin, state FROM cases')).toEqual([
      { origin: originOf(2), state: CLUE },
    ]);
    expect(await items()).toMatchObject([{ state: LISTED }, { state: ITEM_RISK }, { state: LISTED }]);
    expect(desk.service.answers.of(2, 1)).toBe(TriageOutcome.OPENED);
    await alert([1], 2, RED, 2, true);
    expect(await cases()).toMatchObject([{ state: 109 }]);
  });

  it('goes on with the case that somebody works on', async () => {
    await alert([1], 1, RED);
    await desk.people.step(caseId(1, 1), 'start-verification', {});
    await leaves(1);
    await returns(1);
    expect(await cases()).toEqual([{ household: 1, state: VERIFYING, left: null }]);
    await expect(desk.people.step(caseId(1, 1), 'move-out', { reason: '迁出' })).rejects.toThrow();
  });

  it('is asked again though people had ended its case because it was away', async () => {
    await alert([1], 1, RED);
    await alert([1], 2, RED);
    await desk.people.step(caseId(1, 1), 'start-verification', {});
    await leaves(1);
    await desk.people.step(caseId(1, 1), 'move-out', { reason: '迁出' });
    await returns(1);
    expect(await cases()).toEqual([{ household: 1, state: CLUE, left: null }]);
    await desk.people.step(caseId(1, 1), 'start-verification', {});
    expect(await cases()).toMatchObject([{ state: VERIFYING }]);
  });

  it('leaves again, and comes back again', async () => {
    await alert([1], 1, RED);
    for (const version of [2, 4, 6]) {
      await leaves(1, version);
      expect(await asked()).toEqual([]);
      await returns(1, version + 1);
      expect(await asked()).toHaveLength(1);
    }
  });
});
