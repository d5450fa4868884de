import { describe, expect, it } from '@jest/globals';
import { planRound, priceFallOf } from './kills-plan.ts';

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
});
