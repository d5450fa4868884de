import { describe, expect, it } from '@jest/globals';
import { beginUnder } from './begin.js';
import { regionScope } from './scope.js';
import { parseRegionCode } from '@fangpin/domain-kit';

describe('what begins a transaction', () => {
  it('names the scope and what else holds for it, all for this transaction only', () => {
    const text = beginUnder(regionScope(parseRegionCode('532327'), 'http'), { lock_timeout: '10000ms' });
    expect(text).toBe(
      "START TRANSACTION; SELECT set_config('fangpin.scope_lo', '532327000000000', true), " +
        "set_config('fangpin.scope_hi', '532328000000000', true), set_config('fangpin.scope_name', 'http', true), " +
        "set_config('lock_timeout', '10000ms', true)",
    );
  });

  it('takes a name with a quote for a name', () => {
    expect(beginUnder({ name: "job:o'clock", lo: 0, hi: 1 })).toContain("'job:o''clock'");
  });
});
