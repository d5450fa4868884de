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

/** `earlier`: what has been said of the event so far. */
export function quakeInHand(
  quake: Quake,
  earlier: readonly Statement[],
  context: QuakeContext,
  received: Received,
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
      references: quake.otherIds.length === 0 ? [] : quakeNames(quake),
      endsDueAt: null,
      ...statement,
    },
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
  if (quake.deleted) {
    const identity = quakeIdentity(quake.id);
    // The catalogue drops one of an event's names and keeps the event.
    if (earlier.some((other) => isAnotherName(other, identity)))
      return {
        statement: { type: 'update' },
        recorded: true,
        problems: [{ code: 'QUAKE.OTHER_NAME_STANDS', text: '目录删除了该地震的一个编号，地震仍以其他编号保留' }],
      };
    const problems = [{ code: 'QUAKE.DELETED', text: '地震目录已删除该事件' }];
    return { statement: { type: 'cancel', content: unjudged(quake, context) }, recorded: false, problems };
  }
  if (!isEarthquake(quake)) {
    const problems = [{ code: 'QUAKE.NOT_EARTHQUAKE', text: `事件类型为“${clip(quake.type, 40)}”，不是地震` }];
    return { statement: { type: 'cancel', content: unjudged(quake, context) }, recorded: !known, problems };
  }
  const type = known ? 'update' : 'alert';
  const { content, recorded, problems } = judgeQuake(quake as LocatedQuake, context);
  const survey = latestSurvey(earlier);
  if (survey === undefined) return { statement: { type, content }, recorded, problems };
  const kept = { code: 'QUAKE.SURVEY_KEPT', text: '已有调查烈度，区域和烈度以调查为准' };
  return { statement: { type, content: underSurvey(content, survey) }, recorded: false, problems: [...problems, kept] };
}

function isAnotherName({ identity, content, type }: Statement, own: string): boolean {
  return identity.startsWith('quake:') && identity !== own && content !== undefined && type !== 'cancel';
}
