/**
 * What becomes of a message, judged at its own time: a pure function of the message, the policy, the division lists and
 * the moment at which it is judged. Outcomes as surface.md has them: Test, expired and foreign ones are recorded; what
 * no one can place is quarantined with its reason; the rest is taken into a lane.
 */
import { COUNTRY, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import type { Basis } from '../intake/basis.js';
import { clip } from '../intake/clip.js';
import { assumedEnd } from '../shocks/assumed-end.rule.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { findArea, type AreaVerdict, type KnownRegions, type LoadedBoundaries } from './cap-area.rule.js';
import type { CapInfo, CapMessage, Problem } from './cap-message.js';
import { readCapTime } from './cap-time.js';
import type { SignatureState } from './check-signature.js';
import { eventKind } from './event-kind.rule.js';
import { saysItIsOver } from './is-over.rule.js';
import { mainInfo } from './main-info.rule.js';
import { dialectProblems, referenceProblems, signatureProblems } from './message-problems.rule.js';
import { warningLevel } from './level.rule.js';

export type StatementType = 'alert' | 'update' | 'cancel' | 'lift';

export interface CapVerdict {
  readonly verdict: 'taken' | 'recorded' | 'quarantined';
  /** Messages that are not meant in earnest (tests, acknowledgements) never meet those that are. */
  readonly apart: boolean;
  readonly type: StatementType;
  /** Its signature does not hold: whoever sent it must not take the name of the message that it pretends to be. */
  readonly forged?: true;
  /** Absent where the message's own time cannot be read. */
  readonly sent?: Date;
  /** Absent from a Cancel that says no more than that it cancels, and from what is quarantined. */
  readonly content?: ShockContent;
  /** What the policy was applied to for the content; absent where the message states all of it. */
  readonly basis?: Basis;
  readonly problems: readonly Problem[];
}

export interface CapContext {
  readonly policy: PolicySet;
  readonly regions: KnownRegions;
  /** The clock's time at receipt, or the replay time (docs/adr/0020-replay-time.md). */
  readonly judgedAt: Date;
  /** Absent while none are loaded. */
  readonly boundaries?: LoadedBoundaries;
  /** Of the XML signature; absent: not looked at. */
  readonly signature?: SignatureState;
  /** What an officer said when releasing the message from quarantine. */
  readonly correction?: { readonly regions: readonly RegionCode[] };
}

const TYPES: ReadonlyMap<string, StatementType> = new Map(
  Object.entries({
    alert: 'alert',
    update: 'update',
    cancel: 'cancel',
    // One client of the national system spells it so (rulebook §13.2).
    cancle: 'cancel',
  }),
);
const APART_TYPES = new Set(['ack', 'error']);
const APART_STATUSES = new Set(['test', 'exercise', 'draft', 'system']);

export function judgeCap(message: CapMessage, context: CapContext): CapVerdict {
  const problems = [...dialectProblems(message), ...signatureProblems(message, context)];
  const quarantined = (code: string, text: string, more: readonly Problem[] = []): CapVerdict => ({
    verdict: 'quarantined',
    apart: false,
    type: 'alert',
    problems: [...problems, ...more, { code, text }],
  });
  if (message.dialect === 'unknown' && context.correction === undefined)
    return quarantined('CAP.NAMESPACE_UNKNOWN', `命名空间“${clip(message.namespace, 100)}”未知`);

  if (context.signature === 'bad' && context.correction === undefined)
    return { ...quarantined('CAP.SIGNATURE_BAD', '数字签名与已配置的密钥或内容不符，需人工核实'), forged: true };
  const sent = readCapTime(message.sent);
  if (sent === undefined) return quarantined('CAP.SENT_UNREADABLE', '发布时间无法识别');
  if (sent.offsetAssumed) problems.push({ code: 'CAP.OFFSET_ASSUMED', text: '发布时间没有时区，按北京时间理解' });
  const msgType = message.msgType.toLowerCase();
  const status = message.status.toLowerCase();
  const type = TYPES.get(msgType);
  if (type === undefined && !APART_TYPES.has(msgType))
    return quarantined('CAP.TYPE_UNKNOWN', `消息类型“${clip(message.msgType, 40)}”未知`);
  if (status !== 'actual' && !APART_STATUSES.has(status))
    return quarantined('CAP.STATUS_UNKNOWN', `消息状态“${clip(message.status, 40)}”未知`);

  const area = areaOf(message, context);
  const described = describe(message, sent.at, area, context);
  problems.push(...referenceProblems(message, sent.at));
  const base = { type: type ?? 'alert', sent: sent.at, apart: false } as const;
  if (type === undefined || status !== 'actual') {
    problems.push({
      code: 'CAP.NOT_ACTUAL',
      text: `状态${clip(message.status, 40)}、类型${clip(message.msgType, 40)}，仅作记录`,
    });
    problems.push(...described.problems);
    return { ...base, ...onlyRecorded(described), verdict: 'recorded', apart: true, problems };
  }
  problems.push(...described.problems);
  if (type === 'cancel') return { ...base, ...contentIn(described), verdict: 'taken', problems };
  if (saysItIsOver(message)) {
    problems.push({ code: 'CAP.LIFTED', text: '消息说明预警已解除，按解除处理' });
    return { ...base, type: 'lift', verdict: area.verdict === 'foreign' ? 'recorded' : 'taken', problems };
  }
  const { stated } = described;
  if (stated !== undefined && (stated <= context.judgedAt || stated <= sent.at)) {
    problems.push({ code: 'CAP.EXPIRED', text: '收到时已过失效时间，仅作记录' });
    return { ...base, ...onlyRecorded(described), verdict: 'recorded', problems };
  }
  if (area.verdict === 'foreign') return { ...base, ...onlyRecorded(described), verdict: 'recorded', problems };
  if (area.verdict === 'unusable' || described.content === undefined)
    return { verdict: 'quarantined', ...base, problems };
  const { expires } = described.content;
  if (expires !== null && expires <= context.judgedAt) {
    problems.push({ code: 'CAP.EXPIRED', text: '按推定的失效时间，收到时已失效，仅作记录' });
    return { ...base, ...onlyRecorded(described), verdict: 'recorded', problems };
  }
  return { ...base, ...contentIn(described), verdict: 'taken', problems };
}

function onlyRecorded({ content, basis }: Described): Pick<CapVerdict, 'content' | 'basis'> {
  return contentIn({ basis, content: content && { ...content, lane: 'recorded' } });
}

function contentIn({ content, basis }: Pick<Described, 'content' | 'basis'>): Pick<CapVerdict, 'content' | 'basis'> {
  return content === undefined ? {} : { content, ...(basis === undefined ? {} : { basis }) };
}

function areaOf(message: CapMessage, context: CapContext): AreaVerdict {
  if (context.correction !== undefined)
    return {
      verdict: 'found',
      regions: context.correction.regions,
      drawn: false,
      problems: [{ code: 'AREA.GIVEN_BY_OFFICER', text: '区域由工作人员指定' }],
    };
  return findArea(
    message.infos.flatMap((info) => info.areas),
    context.regions,
    context.boundaries,
  );
}

interface Described {
  readonly content?: ShockContent | undefined;
  readonly basis?: Basis | undefined;
  readonly problems: readonly Problem[];
  /** The expiry that the message states itself. */
  readonly stated?: Date;
}

/** The shock as the message describes it; nothing where it has no info block. */
function describe(message: CapMessage, sent: Date, area: AreaVerdict, context: CapContext): Described {
  const info = mainInfo(message.infos);
  if (info === undefined) return { problems: message.msgType.toLowerCase() === 'cancel' ? [] : area.problems };
  const others = message.infos.filter((other) => other !== info);
  const { kind, problems: kindProblems } = eventKind(
    [info, ...others].flatMap(({ event, headline }) => [event, headline]),
    message.infos.flatMap(({ eventCodes }) => eventCodes),
  );
  const level = warningLevel([info.headline, info.event], info.severity);
  const regions = area.verdict === 'found' ? area.regions : [];
  const judgedOn = shanghaiDay(sent);
  // A warning is a forecast, whatever its certainty: harm is reported by people. Nobody forecasts an earthquake.
  const observed = kind === 'earthquake';
  const problems = [...kindProblems, ...area.problems];
  const stated = latestExpiry(message.infos);
  let expires = stated;
  if (expires === undefined) {
    const life = underPolicy(() => context.policy.get('notice-expiry-hours', regions[0] ?? COUNTRY, judgedOn, kind));
    expires = assumedEnd({ from: sent }, life?.value.hours ?? 0);
    const assumed =
      life === undefined ? '当日没有适用的政策，按已失效处理' : `按政策推定为发布后${life.value.hours}小时`;
    problems.push({ code: 'CAP.EXPIRY_ASSUMED', text: `没有失效时间，${assumed}` });
  }
  const lane = underPolicy(() => laneOf({ kind, level, observed }, regions, judgedOn, context.policy));
  if (lane === undefined) problems.push({ code: 'POLICY.NONE', text: `${judgedOn}没有适用的政策，仅作记录` });
  const content: ShockContent = {
    kind,
    level,
    observed,
    lane: lane ?? 'recorded',
    regions,
    onset: (readCapTime(info.onset) ?? readCapTime(info.effective))?.at ?? sent,
    expires,
    headline: clip(info.headline || info.event, 500),
    source: clip(info.senderName || message.sender, 200),
    policyVersion: context.policy.version,
    judgedOn,
    damage: [],
  };
  const basis = basisOf(message, area, stated === undefined ? sent : undefined);
  return { content, basis, problems, ...(stated === undefined ? {} : { stated }) };
}

/** `assumedFrom`: it states no end. */
function basisOf(message: CapMessage, area: AreaVerdict, assumedFrom: Date | undefined): Basis | undefined {
  const drawn = area.verdict === 'found' && area.drawn;
  if (!drawn && assumedFrom === undefined) return undefined;
  return {
    ...(assumedFrom === undefined ? {} : { expiry: { from: assumedFrom } }),
    ...(drawn ? { areas: message.infos.flatMap(({ areas }) => areas) } : {}),
  };
}

/** The last expiry stated by any block; blocks of one message differ in language and area, the message lives to its last. */
function latestExpiry(infos: readonly CapInfo[]): Date | undefined {
  const times = infos.flatMap(({ expires }) => readCapTime(expires)?.at ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times.map((at) => at.getTime())));
}
