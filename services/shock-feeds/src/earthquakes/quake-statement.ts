/** A catalogue's statement as one of its chain: what it is named, what it follows, whether it calls off. Pure. */
import type { Problem } from '../cap/cap-message.js';
import { clip } from '../intake/clip.js';
import { boundedKey, digestOf, type Received } from '../intake/received.js';
import type { StatementInHand } from '../intake/statement-in-hand.js';
import type { Statement } from '../shocks/chain.rule.js';
import { judgeQuake, unjudged, type LocatedQuake, type QuakeContext } from './judge-quake.rule.js';
import { latestSurvey, underSurvey } from './join-intensity.rule.js';
import { isEarthquake, type Quake } from './quake.js';

/** Of the event under one of its names: `quake:us7000abcd`. */
export function quakeIdentity(id: string): string {
  return boundedKey(`quake:${id}`);
}

export function quakeKey({ id, updated }: Quake): string {
  return boundedKey(`quake:${id}@${updated.toISOString()}`);
}

/** Its own name and the others that the catalogue gives it; the first in order is the root of a chain that is new. */
export function quakeNames({ id, otherIds }: Quake): string[] {
  return [id, ...otherIds].map(quakeIdentity).sort();
}

/** `earlier`: what has been said of the event so far; `also`: what another catalogue calls it. */
export function quakeInHand(
  quake: Quake,
  earlier: readonly Statement[],
  context: QuakeContext,
  received: Received,
  also: readonly string[] = [],
): StatementInHand {
  const { statement, recorded, problems } = statementOf(quake, earlier, context);
  return {
    origin: 'quake',
    digest: digestOf(JSON.stringify(quake)),
    received,
    statement: {
      key: quakeKey(quake),
      identity: quakeIdentity(quake.id),
      sent: quake.updated,
      references: [...also, ...(quake.otherIds.length === 0 ? [] : quakeNames(quake))],
      endsDueAt: null,
      ...statement,
    },
    basis: { quake },
    recorded,
    problems,
  };
}

interface Judged {
  readonly statement: Pick<Statement, 'type' | 'content'>;
  readonly recorded: boolean;
  readonly problems: readonly Problem[];
}

function statementOf(quake: Quake, earlier: readonly Statement[], context: QuakeContext): Judged {
  const known = earlier.some(({ content }) => content !== undefined);
  if (quake.deleted || !isEarthquake(quake)) {
    const why = quake.deleted
      ? { code: 'QUAKE.DELETED', text: '地震目录已删除该事件' }
      : { code: 'QUAKE.NOT_EARTHQUAKE', text: `事件类型为“${clip(quake.type, 40)}”，不是地震` };
    if (anotherStands(earlier, quakeIdentity(quake.id))) {
      const kept = { code: 'QUAKE.OTHER_NAME_STANDS', text: '地震以其他编号或其他目录的记录保留' };
      return { statement: { type: 'update' }, recorded: true, problems: [why, kept] };
    }
    const statement = { type: 'cancel', content: unjudged(quake, context) } as const;
    return { statement, recorded: !quake.deleted && !known, problems: [why] };
  }
  const type = known ? 'update' : 'alert';
  const { content, recorded, problems } = judgeQuake(quake as LocatedQuake, context);
  const survey = latestSurvey(earlier);
  if (survey === undefined) return { statement: { type, content }, recorded, problems };
  const kept = { code: 'QUAKE.SURVEY_KEPT', text: '已有调查烈度，区域和烈度以调查为准' };
  return { statement: { type, content: underSurvey(content, survey) }, recorded: false, problems: [...problems, kept] };
}

/** What was said last under another name of the event says that it is: a catalogue drops names and keeps the event. */
function anotherStands(earlier: readonly Statement[], own: string): boolean {
  const last = new Map<string, Statement>();
  for (const statement of earlier) {
    const { identity, sent } = statement;
    if (!identity.startsWith('quake:') || identity === own) continue;
    if (sent >= (last.get(identity)?.sent ?? sent)) last.set(identity, statement);
  }
  return [...last.values()].some(({ type, content }) => content !== undefined && type !== 'cancel');
}
