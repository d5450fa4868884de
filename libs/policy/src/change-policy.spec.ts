import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import {
  changePolicy,
  differencesBetween,
  loadPolicy,
  PolicySet,
  problemsOfChanges,
  type PolicyChange,
} from './index.js';

const base = loadPolicy();
const yongding = parseRegionCode('532327101');
const DAY = '2026-07-18';
const problems = (...changes: PolicyChange[]) => problemsOfChanges(base, changes).map(({ field }) => field);

const told = (changes: readonly PolicyChange[]) =>
  differencesBetween(base, changePolicy(base, changes)).map(({ key, region, before, after }) => ({
    key,
    region,
    before,
    after,
  }));

describe('a policy with values tried out', () => {
  it('answers with them wherever they hold, also over what a place has of its own, and leaves the rest', () => {
    const tried = changePolicy(base, [
      { key: 'triage', value: { alertFrom: 2, caseFrom: 3 } },
      { key: 'monitoring-line', region: '53', value: { fen: 1_000_000 } },
    ]);
    expect(tried.get('triage', yongding, DAY).value).toEqual({ alertFrom: 2, caseFrom: 3 });
    expect(tried.line(yongding, DAY)).toMatchObject({ fen: 1_000_000, assumed: true });
    expect(tried.line(yongding, '2021-06-01').fen).toBe(1_000_000);
    const elsewhere = parseRegionCode('52');
    expect(tried.line(elsewhere, DAY)).toEqual(base.line(elsewhere, DAY));
    expect(tried.get('severity-bands', yongding, DAY)).toEqual(base.get('severity-bands', yongding, DAY));
    expect(tried.version).not.toBe(base.version);
  });

  it('has a line of its own in a county, whatever the line of the province is that year', () => {
    const tried = changePolicy(base, [{ key: 'monitoring-line', region: '532327', value: { fen: 1_000_000 } }]);
    const next = parseRegionCode('532301101');
    for (const year of ['2019', '2021', '2022', '2024', '2025', '2026', '2031']) {
      const day = `${year}-07-18`;
      expect([day, tried.line(yongding, day)]).toMatchObject([day, { fen: 1_000_000, assumed: true }]);
      if (year > '2019') expect(tried.line(next, day)).toEqual(base.line(next, day));
    }
  });

  it('is the policy itself where nothing is changed', () => {
    expect(changePolicy(base, [])).toBe(base);
    expect(differencesBetween(base, base)).toEqual([]);
  });

  it('tells what it differs in, before and after', () => {
    expect(told([{ key: 'triage', value: { alertFrom: 2, caseFrom: 3 } }])).toEqual([
      { key: 'triage', region: '00', before: { alertFrom: 1, caseFrom: 4 }, after: { alertFrom: 2, caseFrom: 3 } },
      { key: 'triage', region: '00', before: { alertFrom: 1, caseFrom: 4 }, after: { alertFrom: 2, caseFrom: 3 } },
    ]);
  });

  it('tells of a place’s first own value what held there: that of the area around, or of all subjects', () => {
    const inCounty = { region: '532327' };
    expect(told([{ ...inCounty, key: 'triage', value: { alertFrom: 2, caseFrom: 3 } }])).toEqual([
      { ...inCounty, key: 'triage', before: { alertFrom: 1, caseFrom: 4 }, after: { alertFrom: 2, caseFrom: 3 } },
    ]);
    const hail = base.get('hazard-loss', yongding, DAY, 'hail').value;
    const milder = { ...hail, unknown: hail.blue, blue: hail.blue, yellow: hail.blue };
    expect(told([{ ...inCounty, key: 'hazard-loss', subject: 'hail', value: milder }])).toEqual([
      { ...inCounty, key: 'hazard-loss', before: hail, after: milder },
    ]);
    expect(told([{ ...inCounty, key: 'triage', value: { alertFrom: 1, caseFrom: 4 } }])).toEqual([]);
  });

  it('tells of a line what was the line of each year', () => {
    const lines = told([{ key: 'monitoring-line', region: '532327', value: { fen: 870_000 } }]);
    expect(lines.filter(({ before }) => before === null).length).toBeLessThanOrEqual(1);
    expect(lines.map(({ before }) => before)).toEqual(expect.arrayContaining([{ fen: 600_000 }, { fen: 805_000 }]));
    expect(lines.filter(({ before }) => JSON.stringify(before) === JSON.stringify({ fen: 870_000 }))).toEqual([]);
  });

  it('leaves out what an overlay cuts in two and leaves as it was', () => {
    const triage = base.records.find(({ key }) => key === 'triage');
    if (triage === undefined) throw new Error('the data have no triage');
    const ofTwo = new PolicySet('two', [
      ...base.records.filter((record) => record !== triage),
      { ...triage, to: '2025-12-31' },
      { ...triage, from: '2026-01-01' },
    ]);
    expect(differencesBetween(base, ofTwo)).toEqual([]);
    expect(differencesBetween(ofTwo, base)).toEqual([]);
  });

  it('is refused with the name of what is wrong', () => {
    const triage = { key: 'triage', value: { alertFrom: 1, caseFrom: 4 } };
    for (const key of ['__proto__', 'constructor']) expect(problems({ key, value: 1 })).toEqual(['policy[0].key']);
    expect(problems(triage)).toEqual([]);
    expect(problems({ key: 'triag', value: {} })).toEqual(['policy[0].key']);
    expect(problems(triage, { key: 'triage', value: { alertFrom: 9, caseFrom: 4 } })).toContain(
      'policy[1].value.alertFrom',
    );
    expect(problems({ key: 'triage', value: { alertFrom: 1 } })).toEqual(['policy[0].value']);
    expect(problems({ ...triage, region: '5x' })).toEqual(['policy[0].region']);
    expect(problems({ ...triage, subject: 'hail' })).toEqual(['policy[0].subject']);
    expect(problems({ key: 'crop-loss', value: base.get('crop-loss', yongding, DAY, 'maize').value })).toEqual([
      'policy[0].subject',
    ]);
    const ofNobody = { key: 'crop-loss', subject: 'mais', value: base.get('crop-loss', yongding, DAY, 'maize').value };
    expect(problems(ofNobody)).toEqual(['policy[0].subject']);
    const maize = base.get('crop-loss', yongding, DAY, 'maize').value;
    const hale = { ...maize, sensitivity: { ...maize.sensitivity, hale: 1 } };
    expect(problems({ key: 'crop-loss', subject: 'maize', value: hale })).toEqual(['policy[0].value.sensitivity']);
    expect(problems(triage, triage)).toEqual(['policy[1]']);
    const turned = { low: 0.9, middle: 0.5, high: 1 };
    expect(problems({ key: 'damage-share', value: { hit: turned, damaged: turned, lost: turned } })).toContain(
      'policy[0].value.hit',
    );
  });

  it('name a field once: the rule does not repeat it', () => {
    const value = { alertFrom: 3, caseFrom: 3 };
    const [unknown] = problemsOfChanges(base, [{ key: 'triag of', value }]);
    expect(unknown).toMatchObject({ field: 'policy[0].key', value: 'triag of', rule: 'is unknown' });
    const [place] = problemsOfChanges(base, [{ key: 'triage', region: '5a', value }]);
    expect(place).toMatchObject({ field: 'policy[0].region', value: '5a', rule: expect.stringMatching(/^must be a/) });
  });
});
