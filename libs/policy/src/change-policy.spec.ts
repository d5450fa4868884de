import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { changePolicy, differencesBetween, loadPolicy, problemsOfChanges, type PolicyChange } from './index.js';

const base = loadPolicy();
const yongding = parseRegionCode('532327101');
const DAY = '2026-07-18';
const problems = (...changes: PolicyChange[]) => problemsOfChanges(base, changes).map(({ field }) => field);

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
    const tried = changePolicy(base, [{ key: 'triage', value: { alertFrom: 2, caseFrom: 3 } }]);
    const told = differencesBetween(base, tried).map(({ key, region, before, after }) => ({
      key,
      region,
      before,
      after,
    }));
    expect(told).toEqual([
      { key: 'triage', region: '00', before: null, after: { alertFrom: 2, caseFrom: 3 } },
      { key: 'triage', region: '00', before: { alertFrom: 1, caseFrom: 4 }, after: null },
    ]);
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
