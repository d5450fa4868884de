/**
 * From list to list: what is said of each county and type, and what is remembered of it. A contiguous run of warnings of one
 * county and type is an episode, which is one shock: its first warning is an alert, each later one an update, and its absence
 * before its end a lift. What vanishes after its end has ended by its own time. Pure: the lists alone decide, never when
 * they came in or what the sweep has done meanwhile.
 */
import type { PolicySet } from '@fangpin/policy';
import type { Basis } from '../intake/basis.js';
import { boundedKey } from '../intake/received.js';
import type { Problem } from '../cap/cap-message.js';
import type { Statement } from '../shocks/chain.rule.js';
import { warningAlias } from '../shocks/warning-alias.js';
import type { InForce } from './in-force.js';
import { judgeWarning, type WarningFacts } from './judge-warning.rule.js';
import type { JudgedMember } from './list-problems.js';
import { mostSerious } from './most-serious.rule.js';
import type { ListedWarning } from './snapshot.js';
import { warningProblems } from './warning-problems.js';

export interface ListContext {
  readonly feed: string;
  readonly policy: PolicySet;
  readonly updated: Date;
  /** What is over by then is history: the moment of receipt, or the replay time. */
  readonly receivedAt: Date;
}

/** A statement without the machine's clock in it. */
export interface Said {
  readonly statement: Omit<Statement, 'endsDueAt'>;
  /** When what it says is over; null for a lift. */
  readonly expires: Date | null;
  /** Absent where the list states the end. */
  readonly basis?: Basis;
  readonly recorded: boolean;
  readonly problems: readonly Problem[];
}

export interface Followed {
  readonly next: InForce;
  readonly said?: Said;
  /** The warning that stands, and how it was judged, where the list has one that can be read. */
  readonly listed?: JudgedMember;
}

/** One identity of the list, with what is remembered of it: of the last list, or of an episode that is over. */
export function followListed(
  listed: readonly ListedWarning[],
  before: InForce | undefined,
  context: ListContext,
): Followed {
  const { updated, feed, policy } = context;
  const standing = mostSerious(listed);
  const tokens = listed.map(({ token }) => token);
  if (!standing.readable) return { next: unreadable(standing, tokens, updated) };
  const contiguous = before?.goneAt === null ? before : undefined;
  const issued = standing.issued ?? contiguous?.issued ?? updated;
  // Gone from one list and back in the next, the same warning is no new one.
  const resumed =
    contiguous ?? (before !== undefined && before.root !== null && same(before.issued, issued) ? before : undefined);
  const onset = resumed?.onset ?? issued;
  const facts: WarningFacts = { ...standing, issued };
  const judged = judgeWarning(facts, { feed, policy, judgedAt: updated, onset });
  const member = { warning: standing, judged };
  const root = resumed?.root ?? rootOf(feed, standing, issued);
  const kept =
    contiguous !== undefined &&
    contiguous.level === standing.level &&
    contiguous.colour === standing.colour &&
    same(contiguous.issued, issued) &&
    same(contiguous.expires, judged.expires);
  if (kept) return { next: { ...contiguous, tokens }, listed: member };

  const over = judged.expires <= context.receivedAt;
  const recorded = over || judged.region === undefined;
  // After all that was ever said of the county and type: an old warning may come back after others have come and gone.
  const sent = timeOf(issued, before?.lastSent, updated);
  const { region } = judged;
  const next: InForce = {
    code: standing.code,
    type: standing.type,
    colour: standing.colour,
    level: standing.level,
    name: standing.name,
    issued,
    stated: standing.expires ?? null,
    expires: judged.expires,
    tokens,
    root,
    onset,
    lastSent: sent,
    judgedAt: updated,
    recorded: recorded && (resumed?.recorded ?? true),
    goneAt: null,
  };
  const said: Said = {
    statement: {
      key: keyOf(root, updated),
      identity: root,
      type: resumed === undefined ? 'alert' : 'update',
      sent,
      references: [],
      ...(region === undefined
        ? {}
        : { aliases: [warningAlias({ region, kind: judged.kind, level: standing.level, issued })] }),
      content: judged.content(),
    },
    expires: judged.expires,
    ...(judged.basis === undefined ? {} : { basis: judged.basis }),
    recorded,
    problems: warningProblems(standing, judged, over),
  };
  return { next, said, listed: member };
}

/**
 * One identity that the list has no longer. `replayed`: the lists come with a replay time, by which a notice lives its own
 * length from its receipt; then its end is said once more, by the clock of the list in which it is missing, for otherwise
 * a week that is replayed in a minute would leave its notices open for hours.
 */
export function followGone(before: InForce, context: ListContext & { readonly replayed: boolean }): Followed {
  const { updated, feed, policy } = context;
  const { root } = before;
  const next = { ...before, tokens: [], goneAt: updated };
  if (root === null) return { next };
  const statement = { key: keyOf(root, updated), identity: root, sent: updated, references: [] };
  if (before.expires > updated) {
    const said: Said = {
      statement: { ...statement, type: 'lift' },
      expires: null,
      recorded: before.recorded,
      problems: [],
    };
    return { next: { ...next, lastSent: updated }, said };
  }
  if (!context.replayed) return { next };
  const { stated, ...facts } = before;
  const judged = judgeWarning(
    { ...facts, expires: stated ?? before.expires },
    { feed, policy, judgedAt: before.judgedAt, onset: before.onset },
  );
  const said: Said = {
    statement: { ...statement, type: 'update', content: judged.content() },
    expires: before.expires,
    ...(stated === null ? { basis: { expiry: { from: before.issued, after: before.judgedAt } } } : {}),
    recorded: before.recorded,
    problems: [],
  };
  return { next: { ...next, lastSent: updated }, said };
}

/** A statement is as old as its warning, except where it would then come before what was said last. */
function timeOf(issued: Date, lastSent: Date | undefined, updated: Date): Date {
  const at = issued < updated ? issued : updated;
  return lastSent === undefined || at > lastSent ? at : updated;
}

function rootOf(feed: string, { code, type }: ListedWarning, issued: Date): string {
  return boundedKey(`snapshot:${feed}:${code}:${type}:${issued.toISOString()}`);
}

function keyOf(root: string, updated: Date): string {
  return boundedKey(`${root}@${updated.toISOString()}`);
}

function unreadable({ code, type }: ListedWarning, tokens: readonly string[], updated: Date): InForce {
  const times = { issued: updated, expires: updated, onset: updated, lastSent: updated, judgedAt: updated };
  const nothing = { colour: '', level: 0, name: '', stated: null, root: null, recorded: true, goneAt: null };
  return { code, type, tokens, ...times, ...nothing };
}

function same(a: Date, b: Date): boolean {
  return a.getTime() === b.getTime();
}
