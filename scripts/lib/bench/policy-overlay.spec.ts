import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '@fangpin/policy';
import { parseRegionCode } from '@fangpin/domain-kit';
import { writeOverlay } from './policy-overlay.ts';

describe('the policy of the benchmark', () => {
  it('passes the checks of the policy data and opens a case for every alert, at any time', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fangpin-overlay-'));
    try {
      const policy = loadPolicy({ overlayDirs: [writeOverlay(folder)] });
      const lincang = parseRegionCode('5309');
      for (const day of ['2021-10-10', '2026-07-18']) {
        expect(policy.get('triage', lincang, day).value).toEqual({ alertFrom: 1, caseFrom: 1 });
        expect(policy.get('severity-bands', lincang, day).value.materialLossShareOfLine).toBe(0);
      }
      expect(policy.version).not.toBe(loadPolicy().version);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
