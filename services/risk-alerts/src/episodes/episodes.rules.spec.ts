import { describe, expect, it } from '@jest/globals';
import type { EpisodeLife } from '@fangpin/policy';
import fc from 'fast-check';
import { HouseholdRisks, type AlertSaid } from './household-risks.js';
import { lastRaised } from './places.js';
import { groupOf, wholeHouseholds } from './slices-to-follow.js';
import { quietUntilMs, tellFromMs } from './telling.rule.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const T0 = Date.parse('2026-07-18T08:00:00+08:00');
const life: EpisodeLife = {
  easeAfterDays: 14,
  endAfterDays: 7,
  reissueWithinDays: 30,
  standsDays: 365,
  tellAgainAfterHours: 72,
};

const CAUSE = 'crop-disaster';
const ENDED = { closedRevision: 1, atOnce: false };
const DISMISSED = { closedRevision: 1, atOnce: true };
const REOPENED = { closedRevision: null, atOnce: false };
const household = (): HouseholdRisks => new HouseholdRisks(() => life);
const said = (origin: number, revision: number, severity: number): AlertSaid => ({
  ...{ origin, revision, severity },
  cause: CAUSE,
  raised: true,
});
const withdrawn = (origin: number, revision: number): AlertSaid => ({ ...said(origin, revision, 1), raised: false });
const stepsOf = (risks: HouseholdRisks): string[] => risks.steps.map(({ step, severity }) => `${step} ${severity}`);
const stateOf = (risks: HouseholdRisks): unknown => ({
  episode: risks.episode(CAUSE),
  alerts: risks.alerts().toSorted((a, b) => a.origin - b.origin),
});

describe('a risk episode', () => {
  it('takes two hailstorms as one, and goes up with the worse', () => {
    const risks = household();
    risks.say(said(1, 1, 2), T0);
    risks.say(said(2, 1, 2), T0 + DAY);
    risks.say(said(2, 2, 4), T0 + 2 * DAY);
    expect(stepsOf(risks)).toEqual(['opened 2', 'reissued 2', 'escalated 4']);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 1, severity: 4, alerts: 2, openedMs: T0 });
  });

  it('goes down only once less has stood for the days of policy', () => {
    const risks = household();
    risks.say(said(1, 1, 4), T0);
    risks.say(said(1, 2, 2), T0 + DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ severity: 4, easingSinceMs: T0 + DAY });
    risks.pass(T0 + 14 * DAY);
    expect(risks.episode(CAUSE)?.severity).toBe(4);
    risks.pass(T0 + 15 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ severity: 2, peak: 4, easingSinceMs: null });
    expect(stepsOf(risks)).toEqual(['opened 4', 'easing 4', 'eased 2']);
  });

  it('does not go down where the worse comes back in time', () => {
    const risks = household();
    risks.say(said(1, 1, 4), T0);
    risks.say(said(1, 2, 2), T0 + DAY);
    risks.say(said(1, 3, 4), T0 + 10 * DAY);
    risks.pass(T0 + 60 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ severity: 4, easingSinceMs: null });
  });

  it('goes down to the worst of what was said meanwhile, and then further', () => {
    const risks = household();
    risks.say(said(1, 1, 4), T0);
    risks.say(said(1, 2, 3), T0 + DAY);
    risks.say(said(1, 3, 1), T0 + 2 * DAY);
    risks.pass(T0 + 15 * DAY);
    expect(risks.episode(CAUSE)?.severity).toBe(3);
    risks.pass(T0 + 29 * DAY);
    expect(risks.episode(CAUSE)?.severity).toBe(1);
  });

  it('ends at once as recalled when its alerts are withdrawn, and goes down at once when the worse of two is', () => {
    const risks = household();
    risks.say(said(1, 1, 4), T0);
    risks.say(said(2, 1, 2), T0);
    risks.say(withdrawn(1, 2), T0 + DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 2 });
    risks.say(withdrawn(2, 2), T0 + DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'recalled', severity: 0, peak: 4 });
  });

  it('ends some days after its case has ended, and not where the case is taken up again', () => {
    const [ended, taken] = [household(), household()];
    for (const risks of [ended, taken]) {
      risks.say(said(1, 1, 4), T0);
      risks.close(1, ENDED, T0 + 200 * DAY);
    }
    taken.close(1, REOPENED, T0 + 203 * DAY);
    for (const risks of [ended, taken]) risks.pass(T0 + 207 * DAY);
    expect(ended.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'answered' });
    expect(taken.episode(CAUSE)).toMatchObject({ state: 'open', severity: 4 });
  });

  it('ends at once when its case is dismissed, which is a check without risk, and comes back with it or with what is said later', () => {
    const [back, later] = [household(), household()];
    for (const risks of [back, later]) {
      risks.say(said(1, 1, 4), T0);
      risks.close(1, DISMISSED, T0 + 2 * DAY);
      expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'answered', severity: 0 });
    }
    back.close(1, REOPENED, T0 + 3 * DAY);
    expect(back.episode(CAUSE)).toMatchObject({ ordinal: 1, state: 'open', severity: 4 });
    later.say(said(1, 2, 3), T0 + 3 * DAY);
    // The step of the case is heard once more, and is of the revision before.
    later.close(1, DISMISSED, T0 + 4 * DAY);
    expect(later.episode(CAUSE)).toMatchObject({ state: 'open', severity: 3 });
  });

  it('stands again when its case is opened again, however long after, and does not pass while that is open', () => {
    const risks = household();
    risks.say(said(1, 1, 4), T0);
    risks.close(1, ENDED, T0 + 100 * DAY);
    risks.pass(T0 + 107 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'answered' });
    // 识别后又返贫: the machine hears of the open case, and of no new alert.
    risks.close(1, REOPENED, T0 + 300 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 2, state: 'open', severity: 4 });
    risks.pass(T0 + 800 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 2, state: 'open', severity: 4 });
    risks.close(1, ENDED, T0 + 801 * DAY);
    risks.pass(T0 + 808 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 2, state: 'ended', endedWhy: 'answered' });
  });

  it('does not come back with its case where it was taken back, or a check found none', () => {
    const [back, checked] = [household(), household()];
    for (const risks of [back, checked]) {
      risks.say(said(1, 1, 3), T0);
      risks.close(1, ENDED, T0 + DAY);
    }
    back.say(withdrawn(1, 2), T0 + 2 * DAY);
    checked.check(1, { revision: 5, upTo: 3 }, T0 + 2 * DAY);
    for (const risks of [back, checked]) {
      risks.close(1, REOPENED, T0 + 30 * DAY);
      expect(risks.episode(CAUSE)?.state).toBe('ended');
    }
  });

  it('stands where somebody sees in time that an open case answers it, and eases none the less', () => {
    const risks = household();
    risks.say(said(1, 1, 4), T0);
    risks.heldByCase(1);
    risks.pass(T0 + 400 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 4 });
    risks.say(said(1, 2, 2), T0 + 401 * DAY);
    risks.pass(T0 + 900 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 2 });
  });

  it('ends at once when a check finds no risk, stays so while it is no worse, and comes back when it is', () => {
    const risks = household();
    risks.say(said(1, 1, 2), T0);
    risks.check(1, { revision: 5, upTo: 2 }, T0 + DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'checked-no-risk', severity: 0 });
    risks.say(said(1, 2, 1), T0 + 2 * DAY);
    risks.say(said(1, 3, 2), T0 + 3 * DAY);
    expect(stepsOf(risks)).toEqual(['opened 2', 'ended 0']);
    risks.say(said(1, 4, 3), T0 + 4 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 1, state: 'open', severity: 3, endedWhy: null });
    risks.say(said(1, 5, 2), T0 + 5 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 3 });
    expect(stepsOf(risks)).toEqual(['opened 2', 'ended 0', 'reopened 3', 'easing 3']);
  });

  it('ends at once when its household has left, whatever is said meanwhile, and comes back with it', () => {
    const risks = household();
    risks.say(said(1, 1, 2), T0);
    risks.check(1, { revision: 5, upTo: 5 }, T0 + DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'household-left', severity: 0 });
    risks.say(said(1, 2, 4), T0 + 2 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'household-left' });
    risks.check(1, { revision: 6, upTo: 0 }, T0 + 3 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 1, state: 'open', severity: 4 });
  });

  it('stands on with the alert that nobody has checked, and with one that is worse than what was checked', () => {
    const risks = household();
    risks.say(said(1, 1, 3), T0);
    risks.say(said(2, 1, 2), T0);
    risks.check(1, { revision: 5, upTo: 3 }, T0 + DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 2 });
    risks.say(said(2, 2, 4), T0 + 2 * DAY);
    risks.check(2, { revision: 5, upTo: 3 }, T0 + 2 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 4 });
  });

  it('takes no older check for a newer one, and stands again where a later one finds a risk', () => {
    const risks = household();
    risks.say(said(1, 1, 3), T0);
    risks.check(1, { revision: 7, upTo: 0 }, T0 + DAY);
    risks.check(1, { revision: 6, upTo: 4 }, T0 + DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 3 });
    risks.check(1, { revision: 8, upTo: 3 }, T0 + 2 * DAY);
    risks.check(1, { revision: 9, upTo: 0 }, T0 + 3 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 3 });
    risks.check(2, { revision: 9, upTo: 4 }, T0 + 3 * DAY);
    expect(risks.alerts()).toHaveLength(1);
  });

  it('forgets a check with the alert that is withdrawn', () => {
    const risks = household();
    risks.say(said(1, 1, 3), T0);
    risks.check(1, { revision: 5, upTo: 3 }, T0 + DAY);
    risks.say(withdrawn(1, 2), T0 + 2 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'checked-no-risk' });
    risks.say(said(1, 3, 2), T0 + 3 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'open', severity: 2 });
  });

  it('passes when nobody renewed it for the days of policy', () => {
    const risks = household();
    risks.say(said(1, 1, 3), T0);
    risks.pass(T0 + 365 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ state: 'ended', endedWhy: 'passed' });
  });

  it('is taken up again by an alert soon after its end, and is a new one later', () => {
    const risks = household();
    risks.say(said(1, 1, 3), T0);
    risks.say(withdrawn(1, 2), T0 + DAY);
    risks.say(said(2, 1, 2), T0 + 20 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 1, state: 'open', severity: 2, peak: 3, alerts: 2 });
    risks.say(withdrawn(2, 2), T0 + 21 * DAY);
    risks.say(said(3, 1, 1), T0 + 60 * DAY);
    expect(risks.episode(CAUSE)).toMatchObject({ ordinal: 2, state: 'open', severity: 1, peak: 1, alerts: 1 });
  });

  const life4 = fc.array(fc.record({ raised: fc.boolean(), severity: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  const alerts = fc.array(life4, { minLength: 1, maxLength: 4 });
  const toSaid = (lives: { raised: boolean; severity: number }[][]): AlertSaid[][] =>
    lives.map((revisions, i) =>
      revisions.map((one, n) => ({ ...one, origin: i + 1, revision: n + 1, cause: CAUSE }) as const),
    );

  it('comes out the same in whatever order the alerts of several shocks come', () => {
    fc.assert(
      fc.property(alerts, fc.infiniteStream(fc.nat()), (lives, picks) => {
        const inOrder = household();
        for (const one of toSaid(lives).flat()) inOrder.say(one, T0);
        const mixed = household();
        const queues = toSaid(lives).map((queue) => [...queue]);
        for (const pick of picks) {
          const waiting = queues.filter((queue) => queue.length > 0);
          if (waiting.length === 0) break;
          const next = waiting[pick % waiting.length]?.shift();
          if (next !== undefined) mixed.say(next, T0);
        }
        expect(stateOf(mixed)).toEqual(stateOf(inOrder));
      }),
    );
  });

  it('is not changed by what it has seen already', () => {
    fc.assert(
      fc.property(alerts, fc.array(fc.nat({ max: 40 }), { maxLength: 10 }), (lives, again) => {
        const all = toSaid(lives).flat();
        const risks = household();
        for (const [n, one] of all.entries()) risks.say(one, T0 + n * DAY);
        const before = stateOf(risks);
        const steps = risks.steps.length;
        for (const n of again) {
          const one = all[n % all.length];
          if (one !== undefined) risks.say(one, T0 + (all.length - 1) * DAY);
        }
        expect(stateOf(risks)).toEqual(before);
        expect(risks.steps).toHaveLength(steps);
      }),
    );
  });

  it('never counts for less than a standing alert says, nor for more than ever was said', () => {
    fc.assert(
      fc.property(alerts, fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 40 }), (lives, days) => {
        const risks = household();
        let at = T0;
        for (const [n, one] of toSaid(lives).flat().entries()) {
          at += (days[n] ?? 1) * DAY;
          risks.say(one, at);
          const standing = risks.alerts().filter(({ raised, held }) => raised && held > 0);
          const most = Math.max(0, ...standing.map(({ severity }) => severity));
          const episode = risks.episode(CAUSE);
          expect(episode?.severity ?? 0).toBeGreaterThanOrEqual(most);
          expect(episode?.severity ?? 0).toBeLessThanOrEqual(episode?.peak ?? 0);
          expect(episode === undefined || (episode.state === 'open') === episode.severity > 0).toBe(true);
        }
      }),
    );
  });

  it('comes out the same however often somebody looks while time passes', () => {
    fc.assert(
      fc.property(life4, fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), (revisions, looks) => {
        const [seldom, often] = [household(), household()];
        for (const risks of [seldom, often])
          for (const [n, one] of revisions.entries())
            risks.say({ ...one, origin: 1, revision: n + 1, cause: CAUSE }, T0 + n * HOUR);
        let at = T0 + revisions.length * HOUR;
        for (const days of looks) often.pass((at += days * DAY));
        seldom.pass(at);
        expect(seldom.episode(CAUSE)?.severity).toBe(often.episode(CAUSE)?.severity);
        expect(seldom.alerts()).toEqual(often.alerts());
      }),
    );
  });
});

describe('where a household lives', () => {
  const row = (slice_no: number, duty_code: number, state = 1) => ({ household_id: 1, slice_no, duty_code, state });

  it('is what the raised alert says that was stored last, whatever the revisions of several shocks', () => {
    expect(lastRaised([row(2, 200), row(1, 100)])).toEqual({ places: new Map([[1, 200]]), unsure: [] });
    expect(lastRaised([row(1, 100), row(2, 200)])).toEqual({ places: new Map([[1, 200]]), unsure: [] });
  });

  it('is not what a withdrawal says, which copies the place of long ago', () => {
    expect(lastRaised([row(2, 200), row(3, 100, 2)])).toEqual({ places: new Map([[1, 200]]), unsure: [] });
    expect(lastRaised([row(3, 100, 2)])).toEqual({ places: new Map([[1, 100]]), unsure: [1] });
  });
});

describe('telling a household', () => {
  const open = household();
  open.say(said(1, 1, 2), T0);
  const episode = open.episode(CAUSE);
  if (episode === undefined) throw new Error('no episode');

  it('is due when a risk is found, and not again while it is no worse', () => {
    expect(tellFromMs(episode, null, life)).toBe(T0);
    expect(tellFromMs(episode, { atMs: T0 + HOUR, severity: 2 }, life)).toBeNull();
    const reissued = { ...episode, lastRaisedMs: T0 + 5 * HOUR };
    expect(tellFromMs(reissued, { atMs: T0 + HOUR, severity: 2 }, life)).toBe(T0 + 73 * HOUR);
  });

  it('is due at once when the risk has grown worse, whatever the window', () => {
    const worse = { ...episode, severity: 3, lastRaisedMs: T0 + 2 * HOUR };
    expect(tellFromMs(worse, { atMs: T0 + HOUR, severity: 2 }, life)).toBe(T0 + 2 * HOUR);
  });

  it('takes back what was told and then recalled, and nothing else that has ended', () => {
    const ended = { ...episode, state: 'ended', severity: 0, endedMs: T0 + DAY } as const;
    const told = { atMs: T0 + HOUR, severity: 2 };
    expect(tellFromMs({ ...ended, endedWhy: 'recalled' }, told, life)).toBe(T0 + DAY);
    expect(tellFromMs({ ...ended, endedWhy: 'recalled' }, null, life)).toBeNull();
    expect(tellFromMs({ ...ended, endedWhy: 'answered' }, told, life)).toBeNull();
  });

  it('leaves the household in peace once the day is full', () => {
    expect(quietUntilMs(1, 2, T0)).toBeNull();
    expect(quietUntilMs(2, 2, T0)).toBe(T0);
  });
});

describe('what is followed in one go', () => {
  it('is a large slice with the others of its origin, or small ones up to a page', () => {
    const slice = (origin: number, alerted: number) => ({ origins: [origin], alerted });
    expect(groupOf([slice(1, 900), slice(2, 900), slice(1, 800)], 500).flatMap(({ origins }) => origins)).toEqual([
      1, 1,
    ]);
    expect(groupOf([slice(1, 1), slice(2, 1), slice(3, 900)], 500).flatMap(({ origins }) => origins)).toEqual([1, 2]);
  });

  it('never cuts a household in two', () => {
    const rows = [1, 1, 2, 3, 3].map((household_id) => ({ household_id }));
    expect(wholeHouseholds(rows, 5)).toEqual({ rows: rows.slice(0, 3), last: 2 });
    expect(wholeHouseholds(rows, 6)).toEqual({ rows });
    expect(wholeHouseholds(rows.slice(0, 2), 2)).toBeUndefined();
  });
});
