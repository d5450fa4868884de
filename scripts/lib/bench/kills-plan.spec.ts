import { describe, expect, it } from '@jest/globals';
import { daysOf, groupDays, planRound, priceFallOf } from './kills-plan.ts';

const rounds = Array.from({ length: 100 }, (_, round) => planRound(7, round, 2));

describe('the rounds of the bench that kills', () => {
  it('are drawn again alike from the same seed and number, whatever came before', () => {
    expect(planRound(7, 42, 2)).toEqual(rounds[42]);
    expect(planRound(8, 42, 2)).not.toEqual({ ...rounds[42], seed: 8 });
  });

  it('kill every service, with and without a restart of the broker, the database and Redis', () => {
    expect(new Set(rounds.map(({ kill }) => kill.service)).size).toBe(7);
    expect(new Set(rounds.map(({ server }) => server?.name))).toEqual(
      new Set(['kafka', 'postgres', 'redis', undefined]),
    );
    expect(new Set(rounds.map(({ then }) => then?.what))).toEqual(new Set(['cancel', 'correction', 'end', undefined]));
  });

  it('end no price fall by an officer, since its prices end it', () => {
    const falls = rounds.filter(({ shock }) => shock === 'price-fall');
    expect(falls.filter(({ then }) => then?.what === 'end' || then?.what === 'correction')).toEqual([]);
  });

  it('give each price fall a series of its own', () => {
    const falls = rounds.filter(({ shock }) => shock === 'price-fall').map(({ round }) => priceFallOf(round));
    expect(falls.length).toBeGreaterThan(5);
    expect(new Set(falls).size).toBe(falls.length);
  });

  it('apply a policy backwards in the last round of each group, raising and taking back by turns', () => {
    const applying = rounds.filter(({ applies }) => applies !== undefined);
    expect(applying.map(({ round }) => round)).toEqual([6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 66, 72, 78, 84, 90, 96]);
    expect(applying.slice(0, 4).map(({ applies }) => applies?.alertFrom)).toEqual([3, 1, 3, 1]);
    expect(new Set(applying.map(({ kill }) => kill.service))).toEqual(
      new Set(['risk-alerts', 'shock-feeds', 'assistance-cases']),
    );
    // What was called off is judged by no policy again.
    expect(applying.every(({ round }) => !planRound(7, round - 1, 2).recallAfter)).toBe(true);
  });

  it('judge the days of their group again, and all days where a round is run by itself', () => {
    const now = new Date('2026-11-22T10:00:00+08:00');
    expect(groupDays(6, now, false)).toEqual({
      hail: { since: '2026-07-01', until: '2026-07-01' },
      found: { since: '2026-11-21', until: '2026-11-21' },
    });
    const { hail, found } = groupDays(12, now, true);
    expect([hail.until, found.until]).toEqual(['2026-07-18', '2026-11-21']);
    // Of the rounds that warm up, too.
    expect([daysOf(-1), daysOf(12)]).toEqual([
      { hail: 18, found: 0 },
      { hail: 2, found: 1 },
    ]);
  });
});
