import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { byNotice, policyFolder } from '../test/support/policy-files.js';
import { loadPolicy, type PolicySet } from './index.js';

const yunnan = parseRegionCode('53');
const folder = (...records: unknown[]): string => policyFolder({ 'lines.json': records });
const line = (from: string, over: Record<string, unknown> = {}) =>
  byNotice({
    key: 'monitoring-line',
    region: '53',
    from,
    to: `${from.slice(0, 4)}-12-31`,
    value: { fen: 920_000 },
    ...over,
  });
const over = (...folders: string[]): PolicySet => loadPolicy({ overlayDirs: folders });

describe('a line in an overlay', () => {
  it('never overwrites the line of a year: the refusal names the file, the record and the rule', () => {
    expect(() => over(folder(line('2025-01-01')))).toThrow(
      /lines\.json\[0\]: monitoring-line\/53\/2025-01-01 is on file for days of this record.*recorded/,
    );
    expect(() => over(folder(line('2025-06-01', { to: '2025-06-30' })))).toThrow(/never overwritten/);
    expect(() => over(folder(line('2022-01-01', { to: undefined })))).toThrow(/monitoring-line\/53\/2023-01-01/);
    expect(() => over(folder(line('2031-01-01')), folder(line('2031-01-01', { value: { fen: 930_000 } })))).toThrow(
      /monitoring-line\/53\/2031-01-01/,
    );
  });

  it('corrects one by saying when it was recorded, and what it corrects can still be read', () => {
    const recorded = folder(line('2025-01-01', { recorded: '2026-11-20' }));
    const policy = over(recorded);
    expect(policy.line(yunnan, '2025-07-01')).toMatchObject({
      fen: 920_000,
      assumed: false,
      recordId: 'monitoring-line/53/2025-01-01~2026-11-20',
    });
    expect(policy.describe('monitoring-line/53/2025-01-01')?.value).toEqual({ fen: 870_000 });
    expect(policy.line(yunnan, '2024-07-01').fen).toBe(870_000);
    const again = line('2025-01-01', { recorded: '2026-11-20', value: { fen: 930_000 } });
    expect(() => over(recorded, folder(again))).toThrow(/2025-01-01~2026-11-20 is on file/);
    expect(over(recorded, folder({ ...again, recorded: '2026-11-21' })).line(yunnan, '2025-07-01').fen).toBe(930_000);
  });

  it('is free for a year without one, for a place of its own, and where it is on file in the same words', () => {
    expect(over(folder(line('2031-01-01'))).line(yunnan, '2031-07-01')).toMatchObject({ fen: 920_000, year: 2031 });
    const county = over(folder(line('2025-01-01', { region: '532327' })));
    expect(county.line(parseRegionCode('532327'), '2025-07-01').fen).toBe(920_000);
    expect(county.line(yunnan, '2025-07-01').fen).toBe(870_000);
    const merged = folder(line('2031-01-01'));
    expect(over(merged, merged).line(yunnan, '2031-07-01').fen).toBe(920_000);
  });
});
