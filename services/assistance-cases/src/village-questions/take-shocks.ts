/** The use case: hears how shocks go on, and asks the villages of each notice that has ended. */
import type { Shock } from '@fangpin/contracts';
import { parseRegionCode, type Clock } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { askVillages } from './ask-villages.js';
import { decide } from './asking.rule.js';
import { loadHeard, saveHeard, type HeardShock } from './heard-shocks.js';
import { answerHours, questionDue } from './question-due.js';
import { askOriginOf } from './question-id.js';
import { villagesAsked } from './villages-asked.js';
import { withdrawQuestions } from './withdraw-questions.js';

export interface ShockHeard {
  readonly shock: Shock;
  /** When the revision came about; undefined where its message does not say so. */
  readonly at: Date | undefined;
}

/** The villages of a statement; a country at once would hold its memory and locks for long. */
const VILLAGES_A_STATEMENT = 20_000;

export class TakeShocks {
  constructor(
    private readonly policy: PolicySet,
    private readonly clock: Clock,
  ) {}

  /**
   * One after the other in the order given, so that a notice that opens again and ends again within one call is asked
   * again. Most shocks ask nobody and cost no statement of their own.
   */
  async execute(heard: readonly ShockHeard[], tx: Tx): Promise<void> {
    const known = await loadHeard(tx, [...new Set(heard.map(({ shock }) => shock.shockId))]);
    const changed = new Map<string, HeardShock>();
    for (const { shock, at } of heard) {
      const next = await this.take(tx, shock, at ?? this.clock.now(), known.get(shock.shockId));
      if (next === undefined) continue;
      known.set(shock.shockId, next);
      changed.set(shock.shockId, next);
    }
    await saveHeard(tx, [...changed.values()]);
  }

  private async take(tx: Tx, shock: Shock, at: Date, known: HeardShock | undefined): Promise<HeardShock | undefined> {
    const { shockId } = shock;
    const revision = Number(shock.revision);
    const move = decide(known, { revision, lane: shock.lane, state: shock.state, endedBy: shock.endedBy });
    if (move.kind === 'ignore') return undefined;
    const { round } = move;
    const asks = move.kind === 'ask';
    const next: HeardShock = {
      shockId,
      revision,
      kind: shock.kind,
      level: shock.level,
      headline: shock.headline,
      onset: new Date(Number(shock.onsetMs)),
      asks,
      round,
      endedAt: !asks ? null : ((round === known?.round ? known.endedAt : null) ?? at),
      origin: round === 0 ? null : askOriginOf(shockId, round),
    };
    if (asks) await this.ask(tx, next, shock.regions);
    if (move.kind === 'withdraw') await withdrawQuestions(tx, shockId, round, this.clock.now());
    return next;
  }

  private async ask(tx: Tx, shock: HeardShock, regions: readonly string[]): Promise<void> {
    const at = this.clock.now();
    const endedAt = shock.endedAt ?? at;
    const asking = { shockId: shock.shockId, round: shock.round, origin: askOriginOf(shock.shockId, shock.round) };
    let duty: number[] = [];
    let dueAt: Date[] = [];
    const flush = async (): Promise<void> => {
      if (duty.length > 0) await askVillages(tx, { ...asking, level: shock.level, at }, { duty, dueAt });
      duty = [];
      dueAt = [];
    };
    for (const { county, villages } of villagesAsked(
      regions.map((region) => parseRegionCode(region)),
      tx.scope,
    )) {
      const due = questionDue(endedAt, at, answerHours(this.policy, county, endedAt));
      duty.push(...villages);
      dueAt.push(...villages.map(() => due));
      if (duty.length >= VILLAGES_A_STATEMENT) await flush();
    }
    await flush();
  }
}
