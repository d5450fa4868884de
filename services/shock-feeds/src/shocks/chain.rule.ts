/**
 * The state of a shock out of everything that was said of it: a pure function of the set of statements, so that the order
 * in which they arrive, and how often, changes nothing. A Cancel that came before its alert is simply in the set already.
 */
import { urgentLane } from './lane.rule.js';
import type { ShockContent, ShockEnd, ShockState } from './shock.js';

export interface Statement {
  /** Unique among all messages. */
  readonly key: string;
  /** What references name: sender and identifier, without the time, which real references get wrong. */
  readonly identity: string;
  /** A cancel calls off: it should not have been said. A lift says that it is over (解除; gone from the list in force). */
  readonly type: 'alert' | 'update' | 'cancel' | 'lift';
  readonly sent: Date;
  /** Identities that it refers to. */
  readonly references: readonly string[];
  /** Names that other feeds would give to the same warning (`shocks/warning-alias.ts`). */
  readonly aliases?: readonly string[];
  /** Absent from a Cancel or lift that says no more. */
  readonly content?: ShockContent;
  /** When what it says is over, by this machine's clock; null where it has no end. */
  readonly endsDueAt: Date | null;
}

export interface ChainState {
  readonly state: ShockState;
  /** Absent as long as nothing but a bare Cancel is known. */
  readonly content?: ShockContent;
  readonly endsDueAt: Date | null;
  /** How and when, by the messages' own time, it was over; absent while it is open. */
  readonly end?: { readonly by: ShockEnd; readonly at: Date };
}

/** A Cancel reaches what it names even when the sender's clocks disagree by so much. */
const CLOCK_SKEW_MS = 3_600_000;
const RANK = { alert: 0, update: 1, lift: 2, cancel: 3 } as const;
const CLOSING = new Set<Statement['type']>(['cancel', 'lift']);

export function foldChain(statements: readonly Statement[], now: Date): ChainState {
  const cancels = statements.filter(({ type }) => type === 'cancel');
  const closing = statements.filter(({ type }) => CLOSING.has(type));
  const said = statements.filter(({ type, content }) => !CLOSING.has(type) && content !== undefined);
  const standing = said.filter((statement) => !cancels.some((cancel) => reaches(cancel, statement)));
  const current = latest(standing) ?? latest(said) ?? latest(closing.filter(({ content }) => content !== undefined));
  const cancel = standing.length === 0 ? latest(cancels) : undefined;
  // A shock that was a notice once stays one to its end: followers must hear how it ends.
  const lane = urgentLane(said.map(({ content }) => content?.lane ?? 'recorded'));
  const content = current?.content === undefined ? {} : { content: { ...current.content, lane } };
  const endsDueAt = current?.endsDueAt ?? null;
  if (cancel !== undefined)
    return { ...content, endsDueAt, state: 'cancelled', end: { by: 'cancelled', at: cancel.sent } };
  const end = endOf(current, statements, now);
  return { ...content, endsDueAt, state: end === undefined ? 'open' : 'ended', ...(end === undefined ? {} : { end }) };
}

/** What came first of its time being over and its source's word that it is. */
function endOf(current: Statement | undefined, statements: readonly Statement[], now: Date): ChainState['end'] {
  const lifts = statements.filter(
    (lift) => lift.type === 'lift' && (current === undefined || lift === current || reaches(lift, current)),
  );
  const lifted = earliest(lifts);
  // A forecast is over at the hour that it states, whenever it was heard; what has happened, when it is long not spoken of.
  const stated = current?.content?.observed === true ? null : (current?.content?.expires ?? null);
  const due = current?.endsDueAt ?? null;
  const over = due !== null && due <= now ? (stated ?? due) : undefined;
  if (lifted !== undefined && (over === undefined || lifted.sent < over)) return { by: 'lifted', at: lifted.sent };
  return over === undefined ? undefined : { by: 'expiry', at: over };
}

function reaches(closing: Statement, statement: Statement): boolean {
  const later = statement.sent.getTime() - closing.sent.getTime();
  return later <= 0 || (later <= CLOCK_SKEW_MS && closing.references.includes(statement.identity));
}

function latest(statements: readonly Statement[]): Statement | undefined {
  return statements.reduce<Statement | undefined>(
    (best, next) => (best === undefined || isLater(next, best) ? next : best),
    undefined,
  );
}

function earliest(statements: readonly Statement[]): Statement | undefined {
  return statements.reduce<Statement | undefined>(
    (best, next) => (best === undefined || isLater(best, next) ? next : best),
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
