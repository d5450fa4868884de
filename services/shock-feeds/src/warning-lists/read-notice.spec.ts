import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseRegionCode } from '@fangpin/domain-kit';
import { describeWithSharedData } from '@fangpin/testing';
import type { Notice, ReadWarning } from './notice.js';
import { readList } from './read-list.js';
import { readNotice } from './read-notice.js';
import { readTexts } from './read-texts.js';

const readAt = new Date('2026-10-01T08:00:00+08:00');

function read(text: string, more: Partial<Notice> = {}, at = readAt): ReadWarning[] {
  return readNotice({ id: '', issuer: '', title: '', text, ...more }, at);
}

/** Type, kind, level, areas and time of issue in Beijing, as one line. */
function summary({ type, kind, level, regions, sent }: ReadWarning): string {
  const issued = sent === undefined ? '' : new Date(sent.getTime() + 8 * 3_600_000).toISOString().slice(0, 16);
  return `${type} ${kind ?? '?'} ${level} ${regions.join(',')} ${issued}`;
}

/** Read by a person from the ten real texts: type, kind, level, areas, issue. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'YN-20180223-GALE': ['alert gale 1 5301,5303,5304,5307,5323,5325,5326,5329 2018-02-23T15:20'],
  // The second sentence names parts of prefectures of the first.
  'YN-20201219-COLDWAVE': ['update cold-wave 1 5301,5303,5304,5306,5325,5326 2020-12-19T17:10'],
  // 单甲乡 and 永和 have had rain; 我县大部 is to have it.
  'CY-20230513-RAIN': ['alert rainstorm 1 530927 2023-05-13T20:15'],
  'WS-20240905-RAIN-ORANGE': ['alert rainstorm 3 532927102 2024-09-05T08:17'],
  'GZ-20200816-GEO': [
    'alert geological 3 520203,520204,520281,522301,522323,522324 2020-08-16T20:00',
    'alert geological 2 520422,520424,520526,522302,522327,522328 2020-08-16T20:00',
  ],
  // No year and no hour: the last 24 September, as late as it can be.
  'YN-0924-CONV': [
    'alert thunderstorm-gale 2 5304,5305,5308,5309,5323,5325,5328,5329,5331 2026-09-24T23:59',
    'update geological 3 5305,5306,5307,5308,5309,5325,5326,5331,5333 2026-09-24T23:59',
  ],
  'QH-20250901-GEO-TOWN': [
    'alert geological 3 632525100,632525202 2025-09-01T14:00',
    'alert geological 2 632525101,632525102,632525200,632525203 2025-09-01T14:00',
  ],
  '12000041600000_20180121223442': ['alert icy-road 2 12 2018-01-21T22:28'],
  '31000041600000_20250811152835': ['alert thunderstorm 2 31 2025-08-11T15:20'],
  'WS-20220606-LIFT': ['lift thunderstorm 2 532601 2022-06-06T03:38'],
};

/** Read by a person from the twelve real entries. */
const ENTRIES: Readonly<Record<string, string>> = {
  '31011541600000_20260919114511': 'alert rainstorm 1 310115 2026-09-19T11:42',
  '53058141600000_20260919110753': 'alert geological 2 530581 2026-09-19T11:06',
  '31015141600000_20260919110844': 'alert rainstorm 1 310151 2026-09-19T11:06',
  '53058141600000_20260919104422': 'alert rainstorm 1 530581 2026-09-19T10:42',
  '53312241600000_20260919101133': 'alert rainstorm 1 533122 2026-09-19T10:10',
  '53082241600000_20260919093849': 'alert geological 2 530822 2026-09-19T09:37',
  '46902841600000_20260919075712': 'alert rainstorm 4 469028 2026-09-19T07:57',
  '53052341600000_20260919070007': 'alert rainstorm 1 530523 2026-09-19T06:58',
  '53072441600000_20260919030245': 'alert geological 2 530724 2026-09-19T03:01',
  '53072441600000_20260919022832': 'alert rainstorm 1 530724 2026-09-19T02:26',
  '31011341600000_20260919010058': 'alert rainstorm 2 310113 2026-09-19T00:57',
  '65292641600000_20260918210857': 'alert rainstorm 3 652926 2026-09-18T21:08',
};

describeWithSharedData('every real notice', (dataDir) => {
  const json = (...file: string[]): unknown => JSON.parse(readFileSync(path.join(dataDir, ...file), 'utf8'));
  const texts = json('alert_texts', 'alerts_zh.json') as { id: string; text: string; title: string }[];

  it.each(texts)('$id is read as a person reads it', (record) => {
    const [inHand] = readTexts({ texts: [record] }, readAt);
    expect(inHand && readNotice(inHand.notice, readAt).map(summary)).toEqual(TEXTS[record.id]);
  });

  it.each(texts)('$id says what and where by its words alone', ({ id, title, text }) => {
    const what = (lines: readonly string[]) => lines.map((line) => line.split(' ').slice(0, 4));
    expect(what(read(text, { title }).map(summary))).toEqual(what(TEXTS[id] ?? []));
  });

  it('of the list is read from its title', () => {
    const { notices, entries } = readList(json('nmc_alarm_list', 'alarm-list.json'), readAt);
    const lines = notices.map(({ notice }) => [notice.id, ...readNotice(notice, readAt).map(summary)]);
    expect([entries, Object.fromEntries(lines)]).toEqual([12, ENTRIES]);
  });

  it('of the list says the same by its picture', () => {
    const list = json('nmc_alarm_list', 'alarm-list.json') as { data: { page: { list: object[] } } };
    const { notices } = readList(list, readAt);
    for (const { notice } of notices) {
      const [byWords] = readNotice(notice, readAt);
      expect(notice.pictured).toEqual({ kind: byWords?.kind, level: byWords?.level });
    }
  });
});

describe('a notice', () => {
  it('that lifts a warning names the time at which that was issued', () => {
    const [lift] = read('文山市气象局2022年06月06日03时38分37秒解除2022年06月05日20时50分01秒发布的雷电黄色预警。');
    expect(lift).toMatchObject({ type: 'lift', liftedIssue: new Date('2022-06-05T20:50:01+08:00') });
    expect(read('永仁县气象台2026年9月1日11时17分解除暴雨橙色预警信号。')[0]).toMatchObject({
      type: 'lift',
      kind: 'rainstorm',
      level: 3,
      issuer: '532327',
    });
    expect(read('砚山县气象台2026年9月1日8时发布关于撤销大风蓝色预警信号的通知')[0]?.type).toBe('lift');
  });

  it('that raises a warning has the later colour, and ends nothing beside', () => {
    const raised = read('永仁县气象台2026年9月1日8时将暴雨橙色预警信号升级为红色预警信号：预计未来3小时莲池乡有雨。');
    expect(raised.map(summary)).toEqual(['update rainstorm 4 532327201 2026-09-01T08:00']);
    const both = read('永仁县气象台2026年9月1日8时发布暴雨黄色预警信号，同时解除暴雨蓝色预警信号。');
    expect(both.map(summary)).toEqual(['alert rainstorm 2 532327 2026-09-01T08:00']);
  });

  it('that changes one warning into another is about the later', () => {
    const text =
      '昆明市气象台2026年9月19日10时变更发布大风蓝色预警信号为大风黄色预警信号：预计未来24小时五华区、盘龙区有风。';
    expect(read(text).map(summary)).toEqual(['update gale 2 530102,530103 2026-09-19T10:00']);
  });

  it('with two levels in one sentence gives each its areas', () => {
    const text =
      '云南省水利厅和云南省气象局2026年9月19日18时联合发布山洪灾害气象预警：预计19日20时至20日20时，昭通北部、文山东部' +
      '发生山洪灾害可能性大（橙色预警），昭通南部、红河南部、普洱南部可能性较大（黄色预警）。';
    expect(read(text).map(summary)).toEqual([
      'alert flash-flood 3 5306,5326 2026-09-19T18:00',
      'alert flash-flood 2 5306,5308,5325 2026-09-19T18:00',
    ]);
  });

  it('takes 上述乡镇 for those where it has fallen', () => {
    const text =
      '永仁县气象台2026年9月19日2时发布暴雨红色预警信号：过去2小时我县永定镇、莲池乡已出现80毫米以上降雨，预计未来3小时上述乡镇降雨仍将持续。';
    expect(read(text).map(summary)).toEqual(['alert rainstorm 4 532327101,532327201 2026-09-19T02:00']);
  });

  it('reads a list of townships of several counties', () => {
    const text =
      '大理州气象台2026年9月19日9时发布暴雨橙色预警信号：未来3小时，漾濞县苍山西镇、漾江镇;云龙县团结乡;大理市太邑乡将达50毫米以上。';
    expect(read(text)[0]?.regions).toEqual(['532901201', '532922101', '532922102', '532929203']);
  });

  it('widens an unnamed area to its office’s, and says so', () => {
    const [warning] = read('永仁县气象台2026年9月1日8时发布大风蓝色预警信号：请注意防范。');
    expect(warning).toMatchObject({ regions: ['532327'] });
    expect(warning?.problems).toContainEqual(expect.objectContaining({ code: 'AREA.OF_ISSUER' }));
  });

  it('names the places that no list holds, and keeps those after them', () => {
    const [warning] = read(
      '云南省气象台2026年9月1日8时发布大风蓝色预警：预计未来6小时，丽江、火星、大理、金星将受影响。',
    );
    expect(warning?.regions).toEqual(['5307', '5329']);
    expect(warning?.problems).toContainEqual({ code: 'AREA.PLACE_UNRESOLVED', text: '未能识别的地名：火星、金星' });
  });

  it('takes its period for its life', () => {
    const text = '永仁县气象台9月30日发布地质灾害黄色预警：30日20时至10月1日20时，永定镇风险较高。';
    expect(read(text)[0]).toMatchObject({
      onset: new Date('2026-09-30T20:00:00+08:00'),
      expires: new Date('2026-10-01T20:00:00+08:00'),
      regions: ['532327101'],
    });
  });

  it('of December that is read in January is of the year before', () => {
    const [warning] = read('永仁县气象台12月31日20时发布寒潮蓝色预警', {}, new Date('2027-01-01T09:00:00+08:00'));
    expect(warning).toMatchObject({ sent: new Date('2026-12-31T20:00:00+08:00'), sentAssumed: true });
  });

  it('without kind, area or time leaves them out, and one that says nothing is no warning', () => {
    expect(read('永仁县气象台2026年9月1日8时发布怪象黄色预警')[0]).not.toHaveProperty('kind');
    expect(read('某气象台2026年9月1日8时发布暴雨黄色预警')[0]?.regions).toEqual([]);
    expect(read('永仁县气象台发布暴雨黄色预警')[0]).not.toHaveProperty('sent');
    expect(read('今天多云，气温20到28度。')).toEqual([]);
  });

  it('whose code and words differ is taken by its words', () => {
    const [warning] = read('', {
      title: '云南省保山市腾冲市气象台发布暴雨蓝色预警信号',
      id: '53052341600000_20260919110753',
    });
    expect(warning?.regions).toEqual([parseRegionCode('530581')]);
    expect(warning?.problems).toContainEqual(expect.objectContaining({ code: 'AREA.CODE_DIFFERS' }));
  });
});
