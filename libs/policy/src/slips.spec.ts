import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { isListed } from '@fangpin/regions';
import { byNotice, policyFolder, refusalsOf } from '../test/support/policy-files.js';
import { loadPolicy, type LoadPolicyOptions } from './index.js';

const policy = loadPolicy();
const yunnan = parseRegionCode('53');
const day = '2026-07-18';
const record = (over: Record<string, unknown>) =>
  byNotice({ key: 'monitoring-line', region: '532327', from: '2026-01-01', value: { fen: 920_000 }, ...over });

/** What an overlay is refused for: of records, or of the text of a file. */
function refused(content: string | object, options: LoadPolicyOptions = {}): string[] {
  const dir = policyFolder({ 'a.json': typeof content === 'string' ? content : [content] });
  return refusalsOf(() => loadPolicy({ overlayDirs: [dir], ...options }));
}

describe('a slip of an author', () => {
  it('in the unit of a line is named with the unit', () => {
    expect(refused(record({}))).toEqual([]);
    const unit = '(fen per head and year: a line lies between 3,000 and 100,000 yuan)';
    expect(refused(record({ value: { fen: 9_200 } }))).toEqual([`0: value.fen must be >= 300000 ${unit}`]);
    expect(refused(record({ value: { fen: 92_000_000 } }))).toEqual([`0: value.fen must be <= 10000000 ${unit}`]);
  });

  it('in a place is named, where the tree of divisions is at hand', () => {
    for (const region of ['532399', '99', '532327999', '532327101999'])
      expect(refused(record({ region }), { isPlace: isListed })).toEqual([
        `0: region ${region} must be in the tree of divisions`,
      ]);
    for (const region of ['5323', '532327', '532327101'])
      expect(refused(record({ region }), { isPlace: isListed })).toEqual([]);
  });

  it('leaves no author, reason or document without words', () => {
    const blank = ' \u3000 \t ';
    const words = 'must be words, of three letters or digits at least';
    expect(refused(record({ author: blank, reason: '—————', source: { document: blank, grade: 'G' } }))).toEqual([
      `0: record.source.document ${words}`,
      `0: record.author ${words}`,
      `0: record.reason ${words}`,
    ]);
    expect(refused(record({ author: '县乡村振兴局', reason: '按2026年文件' }))).toEqual([]);
  });

  it('in a hazard, an animal, a disease or a kind of finding within a value is named', () => {
    const maize = policy.get('crop-loss', yunnan, day, 'maize').value;
    const sensitivity = { ...maize.sensitivity, hale: 1.2 };
    const of = (key: string, subject: string | undefined, value: unknown): string[] =>
      refused(record({ key, ...(subject === undefined ? {} : { subject }), value }));
    const none = (name: string, kind: string): string => `names ${name}, a ${kind} that no record of the base knows`;
    expect(of('crop-loss', 'maize', { ...maize, sensitivity })).toEqual([
      `0: value.sensitivity ${none('hale', 'hazard')}`,
    ]);
    expect(of('forecast-match', 'hail', { hours: 24, kinds: ['gale', 'gael'] })).toEqual([
      `0: value.kinds ${none('gael', 'hazard')}`,
    ]);
    const fever = policy.get('animal-disease', yunnan, day, 'african-swine-fever').value;
    expect(of('animal-disease', 'african-swine-fever', { ...fever, animals: ['pigs'] })).toEqual([
      `0: value.animals ${none('pigs', 'animal')}`,
    ]);
    const paid = policy.get('culling-compensation', yunnan, day, 'pig').value;
    expect(of('culling-compensation', 'pig', { ...paid, fenPerHeadOf: { 'swine-fever': 1 } })).toEqual([
      `0: value.fenPerHeadOf ${none('swine-fever', 'disease')}`,
    ]);
    expect(of('department-findings', 'water', { name: '水务', kinds: ['watre'] })).toEqual([
      `0: value.kinds ${none('watre', 'finding')}`,
    ]);
  });

  it('that says a member twice is named, in a value and in the record', () => {
    const text = JSON.stringify([record({}), record({ region: '532328' })]);
    expect(refused(text.replace('"fen":920000}', '"fen":920000,"fen":970000}'))).toEqual([
      '0: value.fen must be given once',
    ]);
    expect(refused(text.replace('"region":"532328"', '"region":"532328","region":"53"'))).toEqual([
      '1: region must be given once',
    ]);
  });

  it('in the day on which a correction was recorded is named', () => {
    const recorded = '2025-11-20';
    expect(refused(record({ to: '2026-12-31', recorded }))).toEqual([
      '0: recorded 2025-11-20 lies before from 2026-01-01: what has not begun is no correction',
    ]);
    expect(refused(record({ to: '2026-12-31', recorded: '2026-01-01' }))).toEqual([]);
  });

  it('hides none of the others of its record', () => {
    const wrong = record({ author: '  ', value: { fen: 9200.5 }, region: '530000', from: '2026-02-29', note: 'x' });
    expect(refused({ ...wrong, to: '2025-12-31', recorded: 'soon' })).toEqual([
      '0: record must NOT have additional properties (note)',
      '0: record.recorded must be a day as 2026-07-18',
      '0: record.author must be words, of three letters or digits at least',
      expect.stringMatching(/^0: value\.fen must be integer/),
      expect.stringMatching(/^0: value\.fen must be >= 300000 /),
      '0: region 530000 must be a region code in its shortest form (00 for the whole country)',
      '0: 2026-02-29 is not a day of the calendar',
    ]);
    expect(refused({ key: 'clocks', value: 7 })).toEqual(
      expect.arrayContaining([
        "0: record must have required property 'region'",
        '0: value must be object',
        '0: key clocks needs a subject',
      ]),
    );
    expect(refused('[null, 3, "x", []]')).toHaveLength(4);
  });
});
