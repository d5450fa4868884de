import type { RegionalWarning } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import type { AreaFigures, AreaRule, WarningState } from './area-warning.rule.js';
import { findArea, type Area } from './areas.js';
import type { AreaBelow, AreasBelow } from './areas-below.responses.js';
import { percent } from './area-words.js';
import { explainRegionalAlert } from './explain-regional-alert.js';

const limits = (fromHouseholds: number) => ({ fromHouseholds, fromShare: 0, easeBelowShare: 0.001 });
const rule: AreaRule = {
  households: limits(100),
  parts: { fromParts: 3, fromShare: 0, easeBelowShare: 0 },
  carriedBy: { atLeastParts: 2, ...limits(30) },
  endAfterDays: 30,
};
const source = { document: 'a spec', grade: 'unsourced' as const };
const record = { recordId: 'a record', source, assumed: true, version: '1', author: 'a spec', reason: 'a spec' };
const counting = { withinDays: 90, atMostPerShock: 3 } as RegionalWarning;

const textOf = (
  region: string,
  figures: Partial<AreaFigures>,
  { state = 'open', areas = [] }: { state?: WarningState; areas?: readonly Partial<AreaBelow>[] } = {},
): string => {
  const alert = {
    ...{ area: findArea(region) as Area, rule: 'share' as const, subject: '', revision: 1 },
    standing: { state, openedMs: 0, sinceMs: 0 },
    figures: {
      households: 150,
      of: 100_000,
      struckParts: 1,
      parts: 10,
      spread: { carrying: 2, holding: 2 },
      ...figures,
    },
    ...{ evaluatedAt: new Date(0), judgedOn: '2026-07-18', policyVersion: '1' },
  };
  const below: AreasBelow = {
    ...{ counted: areas.length, listed: areas.length, notHeld: [] },
    areas: areas.map((area) => ({ ...part, ...area })),
  };
  return explainRegionalAlert(alert, { counting, rule, record }, below).text;
};
const part: AreaBelow = {
  ...{ region: '532327', name: '永仁县', level: 'county', households: 30, ofHouseholds: 100_000, share: 0.0003 },
  ...{
    carries: true,
    limit: { open: 30, ease: 28 },
    warningId: null,
    state: null,
    withinDays: 90,
    counties: 1,
    asOf: '',
  },
};

describe('the paragraph of a warning above the county', () => {
  it('says of a warning that stands how many counties hold it, and not how many would open it', () => {
    const text = textOf('5323', { spread: { carrying: 1, holding: 2 } });
    expect(text).toContain('并且至少2个县的户数各自达到分担线（现有1个）');
    expect(text).toContain(
      '目前预警，少于98户（或者户数没有降到各自缓解线以下的县不足2个，现有2个），并且预警的县少于2个，才转为缓解',
    );
  });

  it('says the same of one that has eased', () => {
    const text = textOf('5323', { spread: { carrying: 1, holding: 1 } }, { state: 'eased' });
    expect(text).toContain('目前已缓解，少于98户（或者户数没有降到各自缓解线以下的县不足2个，现有1个）');
  });

  it('says where the households are, and asks no county to bear them', () => {
    const text = textOf('5323', {}, { areas: [{}] });
    expect(text).toContain('主要集中在永仁县30户（占0.03%，分担线30户、缓解线28户）（按各县最近一次统计）。');
  });

  it('calls the parts of a province prefectures, and those of a municipality districts', () => {
    const yunnan = textOf('53', {}, { areas: [{}] });
    expect(yunnan).toContain('省一级的预警线是100户，并且至少2个州市的户数');
    expect(yunnan).toContain('由省里确认');
    for (const code of ['11', '12', '31', '50']) {
      const text = textOf(code, {}, { areas: [{ region: `${code}0101`, name: '某区' }] });
      expect(text).toContain('市一级的预警线是100户，并且至少2个区县的户数');
      expect(text).toContain('由市里确认');
      expect(text).toContain('按各区县最近一次统计');
      expect(text).not.toMatch(/州市|省一级|省里/);
    }
  });

  it('tells a small share from none', () => {
    expect([0, 0.0003, 0.00025, 3 / 100_000, 0.0099, 0.0199, 0.75, 1].map(percent)).toEqual([
      '0%',
      '0.03%',
      '0.025%',
      '0.003%',
      '0.99%',
      '2%',
      '75%',
      '100%',
    ]);
    expect(textOf('5323', { households: 30 })).toContain('，占0.03%。');
  });
});
