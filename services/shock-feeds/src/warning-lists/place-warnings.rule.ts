/** Turns judged warnings into statements of shocks: each finds what it goes on with, in the same post or before. Pure. */
import { digestOf, dueByClock, type Received } from '../intake/received.js';
import type { StatementInHand } from '../intake/statement-in-hand.js';
import type { Problem } from '../cap/cap-message.js';
import { earlierOf, type StandingWarning } from './earlier-warnings.js';
import type { JudgedWarning, UsableWarning } from './judge-read-warning.rule.js';
import type { NoticeInHand } from './notice-in-hand.js';
import { aliasesOf, textName } from './warning-names.js';

export type StandingVerdict = Exclude<JudgedWarning, { verdict: 'quarantined' }>;

export interface WarningInHand {
  readonly inHand: NoticeInHand;
  readonly key: string;
  /** How many warnings the notice holds. */
  readonly parts: number;
  readonly judged: StandingVerdict;
}

export interface KnownWarnings {
  readonly standing: readonly StandingWarning[];
  /** Names that shocks bear already, with the level at which each shock stands. */
  readonly levelByName: ReadonlyMap<string, number>;
}

interface Tie {
  readonly references: readonly string[];
  readonly aliases: readonly string[];
  readonly recorded: boolean;
  readonly problems: readonly Problem[];
}

/** In the order of their issue, which is the order in which they shall be taken. */
export function placeWarnings(
  warnings: readonly WarningInHand[],
  known: KnownWarnings,
  received: Received,
): StatementInHand[] {
  const standing = [...known.standing];
  const levelByName = new Map(known.levelByName);
  return [...warnings].sort(byIssue).map((item) => {
    const { inHand, key, parts, judged } = item;
    const { warning, content, basis, verdict, problems } = judged;
    const tie = tieOf(item, { standing, levelByName });
    const recorded = verdict === 'recorded' || tie.recorded;
    if (!recorded && warning.type !== 'lift') {
      const { kind, level, regions, issuer } = warning;
      // Parts of one notice stand beside each other, so that none is taken for the reissue of another.
      standing.push({ identity: key, kind, level, regions, issuer, ...(parts > 1 ? { notice: inHand.key } : {}) });
      for (const name of namesOf(item)) levelByName.set(name, level);
    }
    return {
      origin: inHand.origin,
      digest: digestOf(JSON.stringify(inHand.notice)),
      received,
      ...(basis === undefined ? {} : { basis }),
      recorded,
      problems: [...inHand.problems, ...problems, ...tie.problems],
      statement: {
        key,
        identity: key,
        type: warning.type,
        sent: warning.sent,
        references: tie.references,
        aliases: tie.aliases,
        content,
        endsDueAt: dueByClock(received, content.expires),
      },
    };
  });
}

/** The names by which others may know a warning: of the texts, and of other feeds. */
export function namesOf({ inHand, parts, judged: { warning } }: WarningInHand): string[] {
  const own = inHand.origin === 'text' || warning.type === 'lift' ? textName(warning) : undefined;
  return [...(own === undefined ? [] : [own]), ...aliasesOf(warning, inHand.notice.id, parts === 1)];
}

function tieOf(item: WarningInHand, known: { standing: StandingWarning[]; levelByName: Map<string, number> }): Tie {
  const { inHand, parts, judged } = item;
  const { warning } = judged;
  const own = inHand.origin === 'text' || warning.type === 'lift' ? textName(warning) : undefined;
  const names = own === undefined ? [] : [own];
  const aliases = aliasesOf(warning, inHand.notice.id, parts === 1);
  const level = [...names, ...aliases].map((name) => known.levelByName.get(name)).find((found) => found !== undefined);
  const wanted = { ...warning, sameLevel: parts > 1 };
  const others = known.standing.filter(({ notice }) => notice === undefined || notice !== inHand.key);
  const earlier = level === undefined && judged.verdict === 'taken' ? earlierOf(wanted, others) : undefined;
  if (warning.type === 'lift') return tieOfLift(warning, { names, aliases, level, earlier });
  const references = [...(earlier === undefined ? [] : [earlier.identity]), ...names];
  return { references, aliases, recorded: false, problems: [] };
}

function tieOfLift(
  warning: UsableWarning,
  found: { names: string[]; aliases: string[]; level: number | undefined; earlier: StandingWarning | undefined },
): Tie {
  const level = found.level ?? found.earlier?.level;
  if (level === undefined) {
    // Kept under the name of what it lifts, so that the warning is over when it comes after all.
    const text = '没有找到所解除的预警，仅作记录';
    return { ...named(found), recorded: true, problems: [{ code: 'LIFT.EARLIER_UNKNOWN', text }] };
  }
  if (warning.level !== 0 && level !== warning.level) {
    const text = '所解除的级别已由同一单位的另一级别代替，该预警继续有效';
    return { references: [], aliases: [], recorded: true, problems: [{ code: 'LIFT.OTHER_LEVEL_STANDS', text }] };
  }
  const { references, aliases } = named(found);
  return {
    references: found.earlier === undefined ? references : [found.earlier.identity, ...references],
    aliases,
    recorded: false,
    problems: [],
  };
}

function named({ names, aliases }: { names: string[]; aliases: string[] }) {
  return { references: names, aliases };
}

function byIssue(a: WarningInHand, b: WarningInHand): number {
  return a.judged.warning.sent.getTime() - b.judged.warning.sent.getTime() || (a.key < b.key ? -1 : 1);
}
