import { describe, expect, it } from '@jest/globals';
import { questionDue } from './question-due.js';
import { askOriginOf, parseQuestionId, questionIdOf } from './question-id.js';
import { questionText } from './question-text.js';

const at = (text: string): Date => new Date(`${text}+08:00`);
const rain = (level: number, onset = at('2026-07-18T02:00:00')) => ({ kind: 'rainstorm', level, onset, report: false });

describe('the clock of a question', () => {
  it('runs from the end of the notice', () => {
    expect(questionDue(at('2026-07-18T08:00:00'), at('2026-07-18T10:00:00'), 24)).toEqual(at('2026-07-19T08:00:00'));
  });

  it('runs from the receipt where it would have run out before', () => {
    expect(questionDue(at('2026-07-01T08:00:00'), at('2026-07-18T10:00:00'), 24)).toEqual(at('2026-07-19T10:00:00'));
  });
});

describe('the words of a question', () => {
  it('name the day in Beijing, the kind and the colour', () => {
    expect(questionText([rain(4)])).toBe('7月18日暴雨红色预警已结束，请报本村是否受灾（未受灾也要报）');
  });

  it('name the gravest of several and count them', () => {
    expect(questionText([rain(3), rain(4, at('2026-07-19T00:30:00')), { ...rain(2), kind: 'gale' }])).toBe(
      '7月19日暴雨红色预警等3项预警已结束，请报本村是否受灾（未受灾也要报）',
    );
  });

  it('say of a report that it is of the area, and ask for figures', () => {
    const hail = { ...rain(3), kind: 'hail', report: true };
    expect(questionText([hail])).toBe(
      '7月18日冰雹灾情报告涉及本村所在地区，请报本村是否受灾（未受灾也要报）；受灾的，请一并报受灾、绝收面积和倒损房屋户数',
    );
    expect(questionText([rain(4), hail, { ...hail, kind: 'gale', level: 2 }])).toBe(
      '7月18日冰雹灾情报告等2项灾情报告涉及本村所在地区，7月18日暴雨红色预警已结束，请报本村是否受灾（未受灾也要报）；受灾的，请一并报受灾、绝收面积和倒损房屋户数',
    );
    expect(questionText([{ ...hail, kind: 'other' }])).toContain('7月18日灾情报告涉及');
  });

  it('leave out a colour that was not stated and a kind without a name', () => {
    expect(questionText([{ ...rain(0), kind: 'other' }])).toContain('7月18日预警已结束');
  });
});

it('has an id of what asks and of the village, and another one each time it is asked', () => {
  const shockId = '00000000-0000-4000-8000-000000000001';
  const key = { origin: askOriginOf(shockId, 1), dutyCode: 532327101201000 };
  expect(parseQuestionId(questionIdOf(key))).toEqual(key);
  expect(askOriginOf(shockId, 2)).not.toBe(key.origin);
});
