import { describe, expect, it } from '@jest/globals';
import type { RegionCode } from '@fangpin/domain-kit';
import { changePolicy, loadPolicy, type PolicyChange } from '@fangpin/policy';
import { inLane, laneTried, laneUnder, type LaneFacts } from './lane.rule.js';

const policy = loadPolicy();
const hail = (over: Partial<LaneFacts> = {}): LaneFacts => ({
  kind: 'hail',
  level: 4,
  observed: true,
  regions: ['532327101' as RegionCode],
  judgedOn: '2026-07-18',
  ...over,
});
const onlyRecorded = (region: string): PolicyChange => ({
  key: 'lane',
  subject: 'hail',
  region,
  value: {
    observed: 'recorded',
    forecast: { unknown: 'recorded', blue: 'recorded', yellow: 'recorded', orange: 'recorded', red: 'recorded' },
  },
});

describe('the lane of a simulated shock', () => {
  it('is that of alerts once it has happened; a forecast is a notice from orange on, below that only recorded', () => {
    expect(laneUnder(hail(), policy)).toBe('alert');
    expect([4, 3, 2, 1, 0].map((level) => laneUnder(hail({ observed: false, level }), policy))).toEqual([
      'notice',
      'notice',
      'recorded',
      'recorded',
      'recorded',
    ]);
  });

  it('is the most urgent that any of its places asks for', () => {
    const tried = changePolicy(policy, [onlyRecorded('532327')]);
    expect(laneUnder(hail(), tried)).toBe('recorded');
    expect(laneUnder(hail({ regions: ['532327', '532328'] as RegionCode[] }), tried)).toBe('alert');
  });

  it('is that of alerts on a day without any policy, so that nobody is overlooked', () => {
    expect(laneUnder(hail({ observed: false, judgedOn: '1990-01-01' }), policy)).toBe('alert');
  });

  it('of one that has alerted changes only where a tried value says otherwise', () => {
    // A warning that rose to the alert lane by an earlier message of its chain.
    const risen = hail({ observed: false, level: 1 });
    expect(laneTried(risen, policy, policy, 'alert')).toBe('alert');
    expect(laneTried(hail(), policy, changePolicy(policy, [onlyRecorded('532327')]), 'alert')).toBe('recorded');
    expect(laneTried(hail(), policy, changePolicy(policy, [onlyRecorded('532328')]), 'alert')).toBe('alert');
  });

  it('alerts nobody outside that of alerts, and keeps what the shock would do', () => {
    const verdict = { loss: { low: 1, middle: 2, high: 3 }, projectedFen: null, severity: 4, reasons: 0 };
    const outcome = { verdict, triage: 'case' } as const;
    expect(inLane(outcome, 'alert')).toBe(outcome);
    expect(inLane(outcome, 'notice')).toEqual({ verdict, triage: 'nothing', byLane: true });
    expect(inLane(undefined, 'recorded')).toBeUndefined();
  });
});
