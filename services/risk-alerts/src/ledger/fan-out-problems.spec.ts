import { describe, expect, it } from '@jest/globals';
import { notPlanned, outgrown, policyUnknown } from './fan-out-problems.js';

const ENGLISH_CODE = /[a-z]+-[a-z]+/;
const kept = { revision: 2, policyVersion: '1f0c2ab3d4e5', receivedAt: new Date() };

describe('the ledger of a shock with a problem', () => {
  it('names a cause by its word', () => {
    const nextTryAt = new Date('2026-07-18T02:00:00+08:00');
    const failed = notPlanned({ cause: 'crop-disaster', attempts: 3, error: 'POLICY.NONE', nextTryAt });
    expect(failed).toMatchObject({ cause: 'crop-disaster', attempts: 3, error: 'POLICY.NONE' });
    expect(failed.text).toContain('（庄稼受灾）');
    for (const confirmed of [false, true]) {
      const { text } = outgrown({ cause: 'dwelling', candidates: 36, confirmed }, true);
      expect(text).toContain('可能涉及36户（住房不安全）');
      expect(text).not.toMatch(ENGLISH_CODE);
      // Of how many elsewhere is not for everybody.
      expect(outgrown({ cause: 'dwelling', candidates: 36, confirmed }, false).text).not.toContain('36');
    }
    expect(failed.text).not.toMatch(ENGLISH_CODE);
  });

  it('says that alerts go on only where there are any', () => {
    const [raise, withdraw] = [{ direction: 'raise' }, { direction: 'withdraw' }] as const;
    expect(policyUnknown(kept, []).text).toContain('目前尚未对任何农户预警');
    expect(policyUnknown(kept, [raise]).text).toContain('此前一次通报的预警照常进行');
    expect(policyUnknown(kept, [withdraw, raise]).text).toContain('此前一次通报的预警照常进行');
    expect(policyUnknown(kept, [withdraw]).text).toContain('此前的预警已按通报撤回');
    for (const latest of [[], [raise], [withdraw]])
      expect(policyUnknown(kept, latest).text).toContain('规则版本1f0c2ab3d4e5');
  });
});
