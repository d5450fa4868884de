import { describe, expect, it } from '@jest/globals';
import type { RegionCode } from '@fangpin/domain-kit';
import { changePolicy, loadPolicy } from '@fangpin/policy';
import type { Statement } from '../shocks/chain.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { shockUnderPresentPolicy, underPresentPolicy } from './under-present-policy.rule.js';

const before = loadPolicy();
const hail = before.records.find(({ key, subject }) => key === 'lane' && subject === 'hail')?.value as object;
const onlyRecorded = changePolicy(before, [
  {
    key: 'lane',
    subject: 'hail',
    value: {
      ...hail,
      observed: 'recorded',
      forecast: { red: 'recorded', orange: 'recorded', yellow: 'recorded', blue: 'recorded', unknown: 'recorded' },
    },
  },
]);
const content: ShockContent = {
  kind: 'hail',
  level: 4,
  observed: true,
  lane: 'alert',
  regions: ['532327' as RegionCode],
  onset: new Date('2026-07-18T02:00:00+08:00'),
  expires: null,
  headline: '冰雹灾情',
  source: '测试',
  policyVersion: before.version,
  judgedOn: '2026-07-18',
  damage: [],
};
const said = (key: string, over: Partial<ShockContent> = {}): Statement => ({
  key,
  identity: key,
  type: 'alert',
  sent: content.onset,
  references: [],
  content: { ...content, ...over },
  endsDueAt: null,
});

describe('a shock under another version of the policy', () => {
  it('goes to the lane that the version gives to the day of the shock, and says which version that was', () => {
    expect(underPresentPolicy(content, onlyRecorded)).toEqual({
      ...content,
      lane: 'recorded',
      policyVersion: onlyRecorded.version,
    });
    expect(underPresentPolicy(underPresentPolicy(content, onlyRecorded), before)).toEqual(content);
  });

  it('keeps its lane on a day for which there is no policy', () => {
    expect(underPresentPolicy({ ...content, judgedOn: '1990-01-01' }, before).lane).toBe('alert');
  });

  it('stays in the most urgent lane that anything said of it would have had', () => {
    const statements = [said('a', { lane: 'alert' }), said('b', { lane: 'recorded' })];
    expect(shockUnderPresentPolicy(content, statements, onlyRecorded).lane).toBe('alert');
    expect(shockUnderPresentPolicy(content, statements.slice(1), onlyRecorded).lane).toBe('recorded');
  });
});
