import { Inject, Injectable } from '@nestjs/common';
import { topics } from '@fangpin/contracts';
import { nextRevision, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { CLOCK, epochOf } from '@fangpin/service-kit';
import { findCandidates, matcher } from '../people/find-households.js';
import { correctedHousehold } from './corrected-household.rule.js';
import { isMatched, type Finding, type FoundHousehold, type Match } from './finding.js';
import { findingMessage } from './finding-event.js';
import { findFindings, writeFindings } from './finding-rows.js';
import { factsFor } from './next-finding.rule.js';

/** Whom the register has just told of. */
export interface Learned {
  /** Hexadecimal. */
  readonly idHashes: readonly string[];
  readonly householdIds: readonly number[];
}

/**
 * Findings that waited for a person or a household are matched as soon as the register knows them, and those of a person whom it had in a
 * wrong household follow to the right one.
 */
@Injectable()
export class MatchWaiting {
  constructor(
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In the transaction that learned of them, which holds the people's lock alone: no finding is taken in meanwhile. */
  async execute(tx: Tx, { idHashes, householdIds }: Learned): Promise<void> {
    const hashes = idHashes.map((hash) => Buffer.from(hash, 'hex'));
    const waiting = await findFindings(
      tx,
      `f.household_id IS NULL AND f.state = 1 AND (f.id_hash = ANY($1::bytea[]) OR f.named_household = ANY($2::bigint[]))`,
      [hashes, householdIds],
    );
    const left = await findFindings(
      tx,
      `f.household_id IS NOT NULL AND f.state = 1 AND f.id_hash = ANY($1::bytea[]) AND NOT EXISTS (
         SELECT FROM people p WHERE p.id_hash = f.id_hash AND p.household_id = f.household_id)`,
      [hashes],
    );
    const open = [...waiting, ...left];
    if (open.length === 0) return;
    const candidates = await findCandidates(tx, open);
    const matchOf = matcher(candidates);
    const epoch = await epochOf(tx);
    const at = this.clock.now();
    const matched = (finding: Finding, match: FoundHousehold): Finding => {
      const revision = nextRevision(epoch, finding.revision);
      return { ...finding, revision, match, facts: factsFor(finding.facts, match), updatedAt: at };
    };
    const next = open.flatMap((finding): Finding[] => {
      const match: Match = matchOf(finding);
      if (isMatched(finding.match)) {
        const right = correctedHousehold(finding, match, candidates);
        return right === undefined ? [] : [matched(finding, right)];
      }
      if (isMatched(match)) return [matched(finding, match)];
      return finding.match.unmatched === match.unmatched ? [] : [{ ...finding, match }];
    });
    await writeFindings(tx, next);
    await this.outbox.add(tx, topics.finding, next.filter(({ match }) => isMatched(match)).map(findingMessage));
  }
}
