import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import type { CapInfo, CapMessage } from './cap-message.js';
import { judgeCap, type CapContext } from './judge-cap.rule.js';

const policy = loadPolicy();
const context = (over: Partial<CapContext> = {}): CapContext => ({
  policy,
  regions: { has: (region) => region.startsWith('53') },
  judgedAt: new Date('2026-07-18T02:05:00+08:00'),
  ...over,
});
const yongren: CapInfo = {
  language: 'zh-CN',
  event: '暴雨',
  eventCodes: [],
  urgency: 'Unknown',
  severity: 'Extreme',
  certainty: 'Unknown',
  effective: '2026-07-18T02:04:17+08:00',
  onset: '',
  expires: '2026-07-18T05:04:19+08:00',
  senderName: '永仁县气象台',
  headline: '永仁县气象台发布暴雨红色预警信号',
  areas: [{ areaDesc: '永仁县', polygons: [], circles: [], geocodes: [{ name: '', value: '532327000000' }] }],
};
const warning = (over: Partial<CapMessage> = {}, info: Partial<CapInfo> = {}): CapMessage => ({
  dialect: '1.2',
  namespace: 'urn:oasis:names:tc:emergency:cap:1.2',
  identifier: 'i',
  sender: 's',
  sent: '2026-07-18T02:04:17+08:00',
  status: 'Actual',
  msgType: 'Alert',
  references: [],
  infos: [{ ...yongren, ...info }],
  signed: false,
  ...over,
});
const codes = (message: CapMessage, over?: Partial<CapContext>): string[] =>
  judgeCap(message, context(over)).problems.map(({ code }) => code);

describe('a warning', () => {
  it('of rain at red goes to the notice lane, judged by the policy of its day', () => {
    expect(judgeCap(warning(), context())).toMatchObject({
      verdict: 'taken',
      type: 'alert',
      problems: [],
      content: {
        kind: 'rainstorm',
        level: 4,
        observed: false,
        lane: 'notice',
        regions: ['532327'],
        judgedOn: '2026-07-18',
        policyVersion: policy.version,
        expires: new Date('2026-07-18T05:04:19+08:00'),
      },
    });
  });

  it('is only recorded once it has expired at receipt, but not when an earlier moment is judged', () => {
    const late = { judgedAt: new Date('2026-11-22T00:00:00Z') };
    expect(judgeCap(warning(), context(late))).toMatchObject({ verdict: 'recorded', content: { lane: 'recorded' } });
    expect(codes(warning(), late)).toEqual(['CAP.EXPIRED']);
    expect(judgeCap(warning(), context()).verdict).toBe('taken');
  });

  it('that expires before it was sent is expired in any case', () => {
    expect(codes(warning({}, { expires: '2026-07-18T02:04:17+08:00' }), { judgedAt: new Date(0) })).toEqual([
      'CAP.EXPIRED',
    ]);
  });

  it('without an expiry lives as long as policy says for its kind, marked as assumed', () => {
    const judged = judgeCap(warning({}, { expires: '' }), context());
    expect(judged).toMatchObject({ verdict: 'taken', problems: [{ code: 'CAP.EXPIRY_ASSUMED' }] });
    expect(judged.content?.expires).toEqual(new Date('2026-07-19T02:04:17+08:00'));
  });

  it('that is a test, an exercise or an acknowledgement is recorded apart', () => {
    for (const over of [
      { status: 'Test' },
      { status: 'Exercise' },
      { status: 'Draft' },
      { msgType: 'Ack' },
      { msgType: 'Error' },
    ])
      expect(judgeCap(warning(over), context())).toMatchObject({
        verdict: 'recorded',
        apart: true,
        content: { lane: 'recorded' },
      });
  });

  it('that nobody can place waits in quarantine with its reason', () => {
    expect(codes(warning({ dialect: 'unknown', namespace: 'urn:x' }))).toEqual(['CAP.NAMESPACE_UNKNOWN']);
    expect(codes(warning({ sent: 'now' }))).toEqual(['CAP.SENT_UNREADABLE']);
    expect(codes(warning({ status: 'Maybe' }))).toEqual(['CAP.STATUS_UNKNOWN']);
    expect(codes(warning({ msgType: 'Rumour' }))).toEqual(['CAP.TYPE_UNKNOWN']);
    expect(codes(warning({ infos: [] }))).toEqual(['AREA.NONE']);
    expect(codes(warning({}, { areas: [] }))).toEqual(['AREA.NONE']);
  });

  it('is taken with the area that an officer gives', () => {
    const correction = { regions: [parseRegionCode('532327')] };
    expect(judgeCap(warning({}, { areas: [] }), context({ correction }))).toMatchObject({
      verdict: 'taken',
      content: { regions: ['532327'] },
      problems: [{ code: 'AREA.GIVEN_BY_OFFICER' }],
    });
  });

  it('that gives the all-clear, or lifts in words, ends what it refers to', () => {
    const references = [{ sender: 's', identifier: 'first', sent: '2026-07-18T00:00:00+08:00' }];
    for (const info of [{ responseTypes: ['AllClear'] }, { headline: '永仁县气象台解除暴雨红色预警信号' }])
      expect(judgeCap(warning({ msgType: 'Update', references }, info), context())).toMatchObject({
        verdict: 'taken',
        type: 'lift',
        problems: [{ code: 'CAP.LIFTED' }],
      });
    const replaced = { headline: '永仁县气象台解除暴雨橙色预警，发布暴雨红色预警' };
    expect(judgeCap(warning({ msgType: 'Update', references }, replaced), context()).type).toBe('update');
  });

  it('that gives the all-clear to nothing but itself ends nothing', () => {
    const references = [{ sender: 's', identifier: 'i', sent: '2026-07-18T02:04:17+08:00' }];
    const judged = judgeCap(warning({ msgType: 'Update', references }, { responseTypes: ['AllClear'] }), context());
    expect(judged.type).toBe('update');
  });

  it('cannot refer to what was sent later than itself: its identifier counts', () => {
    const references = [{ sender: 's', identifier: 'first', sent: '2026-07-18T02:04:17+08:00' }];
    expect(codes(warning({ msgType: 'Update', references }))).toEqual(['CAP.REFERENCE_TIME_IMPOSSIBLE']);
  });

  it('of several blocks is named by the most serious that officers can read', () => {
    const english = { ...yongren, language: 'en-US', headline: 'red', event: 'heat' };
    const blue = { ...yongren, headline: '暴雨蓝色预警', severity: 'Minor' };
    const orange = { ...yongren, headline: '暴雨橙色预警', severity: 'Severe' };
    const judged = judgeCap(warning({ infos: [english, blue, orange] }), context());
    expect(judged.content).toMatchObject({ headline: '暴雨橙色预警', level: 3 });
  });

  it('is taken with a good signature, quarantined with a bad one until an officer vouches for it', () => {
    const signed = warning({ signed: true });
    expect(codes(signed)).toEqual(['CAP.SIGNATURE_NOT_CHECKED']);
    expect(codes(signed, { signature: 'good' })).toEqual(['CAP.SIGNATURE_GOOD']);
    expect(judgeCap(signed, context({ signature: 'bad' }))).toMatchObject({
      verdict: 'quarantined',
      forged: true,
      problems: [{ code: 'CAP.SIGNATURE_BAD' }],
    });
    const correction = { regions: [parseRegionCode('532327')] };
    expect(judgeCap(signed, context({ signature: 'bad', correction })).verdict).toBe('taken');
  });

  it('that cancels needs no info block, and is understood in the spelling of one client', () => {
    for (const msgType of ['Cancel', 'Cancle'])
      expect(judgeCap(warning({ msgType, infos: [] }), context())).toMatchObject({ verdict: 'taken', type: 'cancel' });
  });

  it('from before the first policy is history', () => {
    const old = warning({ sent: '2003-06-11T20:56:00-07:00' }, { expires: '' });
    expect(judgeCap(old, context()).verdict).toBe('recorded');
  });

  it('gets a verdict whatever its texts are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'constructor', '暴雨', '2026-07-18T02:04:17+08:00'),
    );
    const info = fc.record({ event: text, headline: text, severity: text, expires: text, onset: text, language: text });
    fc.assert(
      fc.property(text, text, text, fc.array(info, { maxLength: 3 }), text, (sent, status, msgType, infos, geocode) => {
        const areas = [
          { areaDesc: '', polygons: [geocode], circles: [], geocodes: [{ name: geocode, value: geocode }] },
        ];
        const message = warning({
          sent,
          status,
          msgType,
          infos: infos.map((more) => ({ ...yongren, ...more, areas })),
        });
        const { verdict, problems } = judgeCap(message, context());
        expect(['taken', 'recorded', 'quarantined']).toContain(verdict);
        // What is stored as jsonb must be well-formed text.
        for (const problem of problems) expect(problem.text.isWellFormed()).toBe(true);
      }),
    );
  });
});
