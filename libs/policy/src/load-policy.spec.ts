import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegionCode } from '@fangpin/domain-kit';
import { byNotice, policyFolder, refusalsOf } from '../test/support/policy-files.js';
import { loadPolicy } from './index.js';

const record = (over: Record<string, unknown>) =>
  byNotice({ key: 'confirm-over', region: '53', from: '2025-01-01', value: { households: 10 }, ...over });
const yunnan = parseRegionCode('53');

const problemsOf = (...records: unknown[]): string[] =>
  refusalsOf(() => loadPolicy({ dataDir: policyFolder({ 'a.json': records }) }));

describe('loading policy data', () => {
  it('takes the data of the library', () => {
    expect(loadPolicy().version).toMatch(/^[0-9a-f]{12}$/);
  });

  it('gives equal content an equal version, whatever the order of files and members', () => {
    const a = record({});
    const b = record({ key: 'triage', value: { alertFrom: 1, caseFrom: 4 } });
    const turned = Object.fromEntries(Object.entries(b).reverse());
    const versions = [policyFolder({ 'a.json': [a, b] }), policyFolder({ 'x.json': [turned], 'y.json': [a] })].map(
      (dataDir) => loadPolicy({ dataDir }).version,
    );
    expect(versions[0]).toBe(versions[1]);
    expect(loadPolicy({ dataDir: policyFolder({ 'a.json': [a] }) }).version).not.toBe(versions[0]);
  });

  it('refuses an unknown key, a malformed region and a day that is none, naming the record', () => {
    expect(problemsOf(record({ key: 'confirm-ovr' }))).toEqual(['0: key confirm-ovr is unknown']);
    expect(problemsOf(record({ region: '530000' }))[0]).toContain('0: region 530000 must be a region code');
    expect(problemsOf(record({}), record({ region: '52', from: '2025-02-30' }))).toEqual([
      '1: 2025-02-30 is not a day of the calendar',
    ]);
    expect(problemsOf(record({ to: '2024-12-31' }))).toEqual(['0: to 2024-12-31 lies before from 2025-01-01']);
  });

  it('refuses values of a wrong shape, naming the member', () => {
    expect(problemsOf(record({ value: { households: -1, note: 'x' } }))).toEqual([
      '0: value must NOT have additional properties (note)',
      '0: value.households must be >= 0',
    ]);
    const shares = { low: 0.1, middle: 0.5, high: 0.4 };
    expect(
      problemsOf(record({ key: 'damage-share', value: { hit: shares, damaged: shares, lost: shares } })),
    ).toContain('0: value.hit must have low ≤ middle ≤ high');
  });

  it('refuses a ladder whose steps are out of order, naming which way it must go', () => {
    const bands = loadPolicy().get('severity-bands', yunnan, '2026-07-18').value;
    const swapped = { ...bands, lossShareFrom: { blue: 0.1, yellow: 0.5, orange: 0.3, red: 0.8 } };
    expect(problemsOf(record({ key: 'severity-bands', value: swapped }))).toEqual([
      '0: value.lossShareFrom must not fall from blue to red',
    ]);
    const turned = { ...bands, incomeRatioBelow: { blue: 1, yellow: 1.15, orange: 1.3, red: 1.5 } };
    expect(problemsOf(record({ key: 'severity-bands', value: turned }))).toEqual([
      '0: value.incomeRatioBelow must not rise from blue to red',
    ]);
    const hail = loadPolicy().get('hazard-loss', yunnan, '2026-07-18', 'hail').value;
    expect(problemsOf(record({ key: 'hazard-loss', subject: 'hail', value: { ...hail, red: hail.blue } }))).toEqual([
      '0: value must not fall from blue to red (low, middle, high)',
    ]);
    const forecast = { unknown: 'recorded', blue: 'notice', yellow: 'notice', orange: 'recorded', red: 'alert' };
    expect(problemsOf(record({ key: 'lane', subject: 'hail', value: { observed: 'alert', forecast } }))).toEqual([
      '0: value.forecast must not fall from blue to red',
    ]);
  });

  it('refuses thresholds that contradict each other', () => {
    expect(problemsOf(record({ key: 'triage', value: { alertFrom: 4, caseFrom: 3 } }))).toEqual([
      '0: value.caseFrom must not be below value.alertFrom',
    ]);
    expect(problemsOf(record({ key: 'drop-out', value: { suspectedFromDays: 31, droppedOutFromDays: 8 } }))).toEqual([
      '0: value.droppedOutFromDays must not be below value.suspectedFromDays',
    ]);
    const shares = loadPolicy().get('damage-share', yunnan, '2026-07-18').value;
    expect(problemsOf(record({ key: 'damage-share', value: { ...shares, hit: shares.lost } }))).toEqual([
      '0: value.damaged must not be below value.hit',
    ]);
  });

  it('refuses two records of one place that hold on the same day', () => {
    expect(problemsOf(record({}), record({}))).toEqual(['1: overlaps confirm-over/53/2025-01-01']);
    expect(problemsOf(record({ to: '2025-12-31' }), record({ from: '2025-12-31' }))).toHaveLength(1);
    expect(problemsOf(record({ to: '2025-12-31' }), record({ from: '2026-01-01' }))).toEqual([]);
    expect(problemsOf(record({}), record({ from: '2026-01-01' }), record({ region: '5323' }))).toEqual([]);
  });

  it('takes a correction over the days that are on file, which stay, and wants its last day', () => {
    const wrong = record({ to: '2025-12-31', value: { households: 100 } });
    const right = record({ to: '2025-12-31', recorded: '2025-06-01', value: { households: 200 } });
    const policy = loadPolicy({ dataDir: policyFolder({ 'a.json': [wrong, right] }) });
    expect(policy.get('confirm-over', yunnan, '2025-02-01')).toMatchObject({
      value: { households: 200 },
      recordId: 'confirm-over/53/2025-01-01~2025-06-01',
    });
    expect(policy.describe('confirm-over/53/2025-01-01')?.value).toEqual({ households: 100 });
    const later = record({ from: '2025-03-01', to: '2025-03-31', recorded: '2025-07-01', value: { households: 300 } });
    const twice = loadPolicy({ dataDir: policyFolder({ 'a.json': [later, wrong, right] }) });
    const on = (day: string): number => twice.get('confirm-over', yunnan, day).value.households;
    expect(['2025-02-28', '2025-03-15', '2025-04-01'].map(on)).toEqual([200, 300, 200]);
    expect(problemsOf(record({ recorded: '2025-06-01' }))).toEqual([
      '0: a correction recorded on 2025-06-01 needs a last day (to)',
    ]);
    expect(problemsOf(right, right)).toEqual(['1: overlaps confirm-over/53/2025-01-01~2025-06-01']);
  });

  it('refuses an unsourced value that does not say it is assumed, and a record without a source', () => {
    const source = { document: 'no published value', grade: 'unsourced' };
    expect(problemsOf(record({ source }))).toEqual(['0: source.grade unsourced needs assumed: true']);
    expect(problemsOf(record({ source, assumed: true }))).toEqual([]);
    expect(problemsOf(record({ source: undefined }))[0]).toContain("must have required property 'source'");
  });

  it('wants a subject where a key has subjects, and none elsewhere', () => {
    expect(problemsOf(record({ subject: 'rice' }))).toEqual(['0: key confirm-over takes no subject']);
    expect(problemsOf(record({ key: 'clocks', value: { days: 2, kind: 'working' } }))).toEqual([
      '0: key clocks needs a subject',
    ]);
  });

  it('names a file that is no JSON or no list', () => {
    const dataDir = policyFolder({ 'broken.json': '[{', 'single.json': record({}) });
    expect(() => loadPolicy({ dataDir })).toThrow(
      /broken\.json: is not JSON.*single\.json: must be a list of records/s,
    );
  });
});

describe('an overlay', () => {
  it('wins for the days it states, and changes the version', () => {
    const overlay = policyFolder({
      'a.json': [record({ region: '00', from: '2020-01-01', value: { households: 2 } })],
    });
    const [plain, overlaid] = [loadPolicy(), loadPolicy({ overlayDirs: [overlay] })];
    for (const day of ['2020-06-01', '2022-06-01', '2025-06-01', '2026-06-01'])
      expect(overlaid.get('confirm-over', yunnan, day).value.households).toBe(2);
    expect(overlaid.version).not.toBe(plain.version);
  });

  it('leaves other days and other places as they were', () => {
    const overlay = policyFolder({
      'lines.json': [
        record({
          key: 'monitoring-line',
          region: '532327',
          from: '2025-01-01',
          to: '2025-06-30',
          value: { fen: 900_000 },
        }),
      ],
    });
    const policy = loadPolicy({ overlayDirs: [overlay] });
    const yongren = parseRegionCode('532327');
    expect(policy.line(yongren, '2025-06-30').fen).toBe(900_000);
    expect(policy.line(yongren, '2025-07-01').fen).toBe(870_000);
    expect(policy.line(yunnan, '2025-06-30').fen).toBe(870_000);
  });

  it('of some days only hands the rest of a base record back, though that began within them', () => {
    const at = (households: number, from: string, to: string) => record({ from, to, value: { households } });
    const dataDir = policyFolder({
      'base.json': [at(1, '2024-01-01', '2024-12-31'), at(2, '2025-01-01', '2025-12-31')],
    });
    const overlay = policyFolder({
      'over.json': [at(3, '2024-07-01', '2025-03-31'), at(4, '2025-04-01', '2025-06-30')],
    });
    const policy = loadPolicy({ dataDir, overlayDirs: [overlay] });
    const on = (day: string): number => policy.get('confirm-over', yunnan, day).value.households;
    expect(['2024-06-30', '2025-03-31', '2025-06-30', '2025-07-01', '2025-12-31'].map(on)).toEqual([1, 3, 4, 2, 2]);
  });

  it('that outlasts several base records hands back the last of them', () => {
    const at = (households: number, from: string, to?: string) =>
      record({ region: '00', from, value: { households }, ...(to === undefined ? {} : { to }) });
    const dataDir = policyFolder({ 'base.json': [at(1, '2025-01-01'), at(2, '2025-06-01')] });
    const overlay = policyFolder({ 'over.json': [at(3, '2024-12-01', '2025-09-30')] });
    const policy = loadPolicy({ dataDir, overlayDirs: [overlay] });
    const on = (day: string): number => policy.get('confirm-over', yunnan, day).value.households;
    expect(['2025-09-30', '2025-10-01'].map(on)).toEqual([3, 2]);
    expect(() => on('2024-11-30')).toThrow('no policy value');
  });

  it('outdoes a correction of the base for its days, and leaves it the days before and after', () => {
    const year = { from: '2026-01-01', to: '2026-12-31' };
    const dataDir = policyFolder({
      'base.json': [
        record({ ...year, value: { households: 5 } }),
        record({ ...year, recorded: '2026-02-01', value: { households: 6 } }),
      ],
    });
    const with1 = (from: string, to?: string): ((day: string) => number) => {
      const over = record({ from, value: { households: 1 }, ...(to === undefined ? {} : { to }) });
      const policy = loadPolicy({ dataDir, overlayDirs: [policyFolder({ 'over.json': [over] })] });
      return (day) => policy.get('confirm-over', yunnan, day).value.households;
    };
    expect(['2026-02-28', '2026-03-01', '2026-07-18'].map(with1('2026-03-01'))).toEqual([6, 1, 1]);
    const spring = with1('2026-03-01', '2026-05-31');
    expect(['2026-02-28', '2026-03-01', '2026-05-31', '2026-06-01', '2026-12-31'].map(spring)).toEqual([6, 1, 1, 6, 6]);
    expect(['2026-01-01', '2026-06-30', '2026-07-01'].map(with1('2026-01-01', '2026-06-30'))).toEqual([1, 1, 6]);
  });

  it('holds on each of its days, whatever records, corrections and other overlays are around it', () => {
    const span = fc
      .tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 0, max: 27 }))
      .map(([first, days]) => ({ first, last: Math.min(28, first + days) }));
    const dayOf = (day: number): string => `2026-02-${String(day).padStart(2, '0')}`;
    const of = (households: number, { first, last }: { first: number; last: number }, more = {}) =>
      record({ from: dayOf(first), to: dayOf(last), value: { households }, ...more });
    const base = policyFolder({});
    const over = policyFolder({});
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), span, span, (corrections, first, second) => {
        const corrected = corrections.map((days, i) => of(10 + i, days, { recorded: `2026-03-0${i + 1}` }));
        writeFileSync(join(base, 'a.json'), JSON.stringify([of(1, { first: 1, last: 28 }), ...corrected]));
        writeFileSync(join(over, 'a.json'), JSON.stringify([of(100, first)]));
        const later = policyFolder({ 'a.json': [of(200, second)] });
        const policy = loadPolicy({ dataDir: base, overlayDirs: [over, later] });
        const within = (day: number, days: { first: number; last: number }): boolean =>
          day >= days.first && day <= days.last;
        for (let day = 1; day <= 28; day += 1) {
          const last = corrections.findLastIndex((days) => within(day, days));
          const wins = within(day, second) ? 200 : within(day, first) ? 100 : last >= 0 ? 10 + last : 1;
          expect([day, policy.get('confirm-over', yunnan, dayOf(day)).value.households]).toEqual([day, wins]);
        }
      }),
    );
  });

  it('of several, the later one wins', () => {
    const at = (households: number) =>
      policyFolder({ 'a.json': [record({ region: '00', from: '2020-01-01', value: { households } })] });
    const policy = loadPolicy({ overlayDirs: [at(1), at(2)] });
    expect(policy.get('confirm-over', yunnan, '2026-07-18').value.households).toBe(2);
  });

  it('may not name a subject that nobody would ask for', () => {
    const overlay = policyFolder({
      'a.json': [record({ key: 'clocks', subject: 'first-vist', value: { days: 1, kind: 'working' } })],
    });
    expect(() => loadPolicy({ overlayDirs: [overlay] })).toThrow(/a\.json\[0\]: clocks has no first-vist in the base/);
  });
});
