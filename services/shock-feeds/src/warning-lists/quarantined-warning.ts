/** A warning that nobody can place yet, as the message that its release reads: words in the place of CAP's elements. */
import { toBeijingTime } from '@fangpin/domain-kit';
import type { CapMessage } from '../cap/cap-message.js';
import type { NoticeInHand } from './notice-in-hand.js';
import type { ReadWarning } from './notice.js';

const MSG_TYPE = { alert: 'Alert', update: 'Update', lift: 'Cancel' } as const;

/** `receivedAt` stands in for a time of issue that cannot be told: an officer who releases the warning says that it counts. */
export function asMessage(
  { notice, key }: NoticeInHand,
  warning: ReadWarning | undefined,
  receivedAt: Date,
): CapMessage {
  const office = warning?.office || notice.issuer;
  return {
    dialect: '1.2',
    namespace: '',
    identifier: notice.id || key,
    sender: office || '未知发布单位',
    sent: toBeijingTime(warning?.sent ?? notice.issued ?? receivedAt),
    status: 'Actual',
    msgType: MSG_TYPE[warning?.type ?? 'alert'],
    references: [],
    infos: [
      {
        language: 'zh-CN',
        event: warning?.kind === undefined ? '' : warning.headline,
        eventCodes: [],
        urgency: '',
        severity: SEVERITY[warning?.level ?? 0] ?? '',
        certainty: '',
        effective: '',
        onset: '',
        expires: warning?.expires === undefined ? '' : toBeijingTime(warning.expires),
        senderName: office,
        headline: warning?.headline || notice.title || notice.text.slice(0, 200),
        areas: [{ areaDesc: '', polygons: [], circles: [], geocodes: [] }],
      },
    ],
    signed: false,
  };
}

const SEVERITY = ['', 'Minor', 'Moderate', 'Severe', 'Extreme'];
