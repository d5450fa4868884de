import { describe, expect, it } from '@jest/globals';
import { ledgerFaults, type FanOut } from './fan-out.ts';

const figures = {
  exposed: 10,
  alerted: 8,
  withheld: 2,
  published: 8,
  casesOpened: 1,
  casesAttached: 2,
  listed: 4,
  parked: 1,
  withdrawn: 0,
  dropped: 0,
  flagged: 0,
  severities: { red: 3, orange: 5, yellow: 0, blue: 0 },
};

const settled: FanOut = {
  ...figures,
  shockId: '5f0f7f3e-3d0b-4b7e-8a53-0f1d7f6d9c11',
  state: 'done',
  revision: 1,
  acceptedAt: '2026-07-18T10:00:00.000+08:00',
  settledAt: '2026-07-18T10:00:01.250+08:00',
  seconds: 1.25,
  townships: [{ ...figures, region: '532327100', name: '永定镇' }],
};

describe('the ledger of a fan-out', () => {
  it('adds up when every household is accounted for once', () => {
    expect(ledgerFaults(settled)).toEqual([]);
  });

  it.each([
    ['a household is exposed and neither alerted nor withheld', { exposed: 11 }],
    ['an alert was never acknowledged by the bus', { published: 7 }],
    ['an alert has no outcome', { listed: 3 }],
    ['a township is missing', { townships: [] }],
  ])('does not add up when %s', (_, change) => {
    expect(ledgerFaults({ ...settled, ...change })).not.toEqual([]);
  });
});
