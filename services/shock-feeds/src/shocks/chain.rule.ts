/**
 * The state of a shock out of everything that was said of it: a pure function of the set of statements, so that the order
 * in which they arrive, and how often, changes nothing. A Cancel that came before its alert is simply in the set already.
 */
import { urgentLane } from './lane.rule.js';
import type { ShockContent, ShockState } from './shock.js';

export interface Statement {
  /** Unique among all messages. */
  readonly key: string;
  /** What references name: sender and identifier, without the time, which real references get wrong. */
  readonly identity: string;
  readonly type: 'alert' | 'update' | 'cancel';
  readonly sent: Date;
  /** Identities that it refers to. */
  readonly references: readonly string[];
  /** Absent from a Cancel that only cancels. */
  readonly content?: ShockContent;
  /** When what it says is over, by this machine's clock; null where it has no end. */
  readonly endsDueAt: Date | null;
}

export interface ChainState {
  readonly state: ShockState;
  /** Absent as long as nothing but a bare Cancel is known. */
  readonly content?: ShockContent;
  readonly endsDueAt: Date | null;
}

/** A Cancel reaches what it names even when the sender's clocks disagree by so much. */
const CLOCK_SKEW_MS = 3_600_000;
const RANK = { alert: 0, update: 1, cancel: 2 } as const;

export function foldChain(statements: readonly Statement[], now: Date): ChainState {
  const cancels = statements.filter(({ type }) => type === 'cancel');
  const said = statements.filter(({ type, content }) => type !== 'cancel' && content !== undefined);
  const standing = said.filter((statement) => !cancels.some((cancel) => reaches(cancel, statement)));
  const current = latest(standing) ?? latest(said) ?? latest(cancels.filter(({ content }) => content !== undefined));
  const cancelled = standing.length === 0 && cancels.length > 0;
  if (current?.content === undefined) return { state: cancelled ? 'cancelled' : 'open', endsDueAt: null };
  // A shock that was a notice once stays one to its end: followers must hear how it ends.
  const lane = urgentLane(said.map(({ content }) => content?.lane ?? 'recorded'));
  const over = lane !== 'alert' && current.endsDueAt !== null && current.endsDueAt <= now;
  return {
    state: cancelled ? 'cancelled' : over ? 'ended' : 'open',
    content: { ...current.content, lane },
    endsDueAt: current.endsDueAt,
  };
}

function reaches(cancel: Statement, statement: Statement): boolean {
  const later = statement.sent.getTime() - cancel.sent.getTime();
  return later <= 0 || (later <= CLOCK_SKEW_MS && cancel.references.includes(statement.identity));
}

function latest(statements: readonly Statement[]): Statement | undefined {
  return statements.reduce<Statement | undefined>(
    (best, next) => (best === undefined || isLater(next, best) ? next : best),
    undefined,
  );
}

/** Ties are broken by type and key, so that every order of arrival decides alike. */
function isLater(a: Statement, b: Statement): boolean {
  const byTime = a.sent.getTime() - b.sent.getTime();
  if (byTime !== 0) return byTime > 0;
  if (RANK[a.type] !== RANK[b.type]) return RANK[a.type] > RANK[b.type];
  return a.key > b.key;
}
