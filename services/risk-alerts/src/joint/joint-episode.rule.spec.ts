import { describe, expect, it } from '@jest/globals';
import type { EpisodeLife } from '@fangpin/policy';
import type { Episode } from '../episodes/episode.rule.js';
import { HouseholdRisks } from '../episodes/household-risks.js';
import type { HeldBackLoss } from './held-back.js';
import { jointEpisodeAfter, type JointChange } from './joint-episode.rule.js';
import type { Looked } from './joint-parts.js';

const T0 = Date.parse('2026-07-18T08:00:00+08:00');
const DAY = 86_400_000;
const life = { easeAfterDays: 14, endAfterDays: 7, reissueWithinDays: 30, standsDays: 365 } as EpisodeLife;
/** A loss that was held back, and an alert. */
const [LOSS, ALERT] = [1, 2];

const risks = new HouseholdRisks(() => life);
risks.say({ origin: ALERT, cause: 'illness', revision: 1, raised: true, severity: 1 }, T0);

const one = (goneWhy: HeldBackLoss['goneWhy'], standing: number[], revision?: number): Looked =>
  ({
    household: { householdId: 7, dutyCode: 532327101201000, risks },
    last: revision === undefined ? undefined : { ordinal: 1, revision, members: [LOSS, ALERT] },
    heldBack: [{ origin: LOSS, goneWhy }],
    standing: standing.map((origin) => ({ origin })),
  }) as unknown as Looked;
const row = (change: Partial<JointChange['row']> = {}): JointChange['row'] => ({
  ...{ ordinal: 1, state: 'raised', severity: 3, revision: 10, lowerSinceMs: null, members: [LOSS, ALERT] },
  ...change,
});
const opened = (severity = 3): Episode => {
  const after = jointEpisodeAfter(undefined, { one: one(null, [LOSS, ALERT]), row: row({ severity }) }, T0);
  return after?.episode as Episode;
};

describe('the episode of a joint alert', () => {
  it('opens where a loss that was held back is in it, and of alerts that feed their own there is none', () => {
    const { episode, step } = jointEpisodeAfter(undefined, { one: one(null, [LOSS, ALERT]), row: row() }, T0) ?? {};
    expect(step).toBe('opened');
    expect(episode).toMatchObject({ ordinal: 1, state: 'open', severity: 3, peak: 3, openedMs: T0, alerts: 1 });
    const alertsAlone = { one: one(null, [ALERT]), row: row({ members: [ALERT, 3] }) };
    expect(jointEpisodeAfter(undefined, alertsAlone, T0)).toBeUndefined();
    const gone = { one: one('checked', [ALERT]), row: row() };
    expect(jointEpisodeAfter(undefined, gone, T0)).toBeUndefined();
  });

  it('rises, eases and is said again with its alert, and stands though what was held back is gone', () => {
    const at = (change: Partial<JointChange['row']>, last: number) =>
      jointEpisodeAfter(opened(), { one: one('answered', [ALERT], last), row: row(change) }, T0 + DAY);
    expect(at({ severity: 4, revision: 11 }, 10)).toMatchObject({
      step: 'escalated',
      episode: { severity: 4, peak: 4 },
    });
    expect(at({ severity: 2, revision: 11 }, 10)).toMatchObject({ step: 'eased', episode: { severity: 2, peak: 3 } });
    expect(at({ revision: 11 }, 10)).toMatchObject({ step: 'reissued', episode: { lastRaisedMs: T0 + DAY } });
    const easing = at({ lowerSinceMs: T0 + DAY }, 10);
    expect(easing).toMatchObject({ step: 'easing', episode: { easingSinceMs: T0 + DAY, lastRaisedMs: T0 } });
    expect(at({}, 10)).toEqual({ episode: opened(), step: undefined });
  });

  it('ends with its alert, for the reason that says the most', () => {
    const ends = (state: 'withdrawn' | 'over', goneWhy: HeldBackLoss['goneWhy'], standing: number[]) =>
      jointEpisodeAfter(opened(), { one: one(goneWhy, standing, 10), row: row({ state }) }, T0 + DAY)?.episode;
    expect(ends('over', 'answered', [ALERT])).toMatchObject({ state: 'ended', severity: 0, endedWhy: 'answered' });
    expect(ends('withdrawn', 'checked', [ALERT])).toMatchObject({ endedWhy: 'checked-no-risk', endedMs: T0 + DAY });
    expect(ends('withdrawn', 'recalled', [ALERT])).toMatchObject({ endedWhy: 'recalled' });
    // Its parts stand, and take less.
    expect(ends('withdrawn', null, [LOSS, ALERT])).toMatchObject({ endedWhy: 'recalled' });
    expect(ends('over', null, [ALERT])).toMatchObject({ endedWhy: 'passed' });
    const ended = { ...opened(), state: 'ended' as const };
    const again = { one: one('recalled', [ALERT], 10), row: row({ state: 'withdrawn' }) };
    expect(jointEpisodeAfter(ended, again, T0 + DAY)).toBeUndefined();
  });
});
