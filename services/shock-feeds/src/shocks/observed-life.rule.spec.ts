import { describe, expect, it } from '@jest/globals';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { observedEndsDueAt } from './observed-life.rule.js';
import type { ShockContent } from './shock.js';

const policy = loadPolicy();
const DAY_MS = 86_400_000;
const heard = new Date('2026-07-20T08:00:00Z');
const hail: ShockContent = {
  kind: 'hail',
  level: 3,
  observed: true,
  lane: 'alert',
  regions: ['532327' as RegionCode],
  onset: new Date('2026-07-18T08:00:00Z'),
  expires: null,
  headline: '冰雹',
  source: '县农业农村局',
  policyVersion: policy.version,
  judgedOn: '2026-07-18',
  damage: [],
};
const daysOpen = (content: ShockContent): number =>
  ((observedEndsDueAt(content, heard, policy)?.getTime() ?? Number.NaN) - heard.getTime()) / DAY_MS;

describe('what has been observed', () => {
  it('stays open for the days of policy after the last word of it, longer after an earthquake', () => {
    expect(daysOpen(hail)).toBe(60);
    expect(daysOpen({ ...hail, kind: 'earthquake' })).toBe(180);
  });

  it('stays open until its stated end where that lies later, and never ends earlier for it', () => {
    expect(daysOpen({ ...hail, expires: new Date(heard.getTime() + 100 * DAY_MS) })).toBe(100);
    expect(daysOpen({ ...hail, expires: new Date(heard.getTime() - DAY_MS) })).toBe(60);
  });

  it('has no end where no policy says one', () => {
    expect(observedEndsDueAt({ ...hail, judgedOn: '2001-01-01' }, heard, policy)).toBeNull();
  });
});
