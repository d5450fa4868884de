import { Inject, Injectable } from '@nestjs/common';
import { topics } from '@fangpin/contracts';
import { nextRevision, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { CLOCK, epochOf } from '@fangpin/service-kit';
import { findHouseholds } from '../people/find-households.js';
import { isMatched, type Finding } from './finding.js';
import { findingMessage } from './finding-event.js';
import { findFindings, writeFindings } from './finding-rows.js';
import { factsFor } from './next-finding.rule.js';

/** Whom the register has just told of. */
export interface Learned {
  /** Hexadecimal. */
  readonly idHashes: readonly string[];
  readonly householdIds: readonly number[];
}

/** Findings that waited for a person or a household are matched as soon as the register knows them. */
@Injectable()
export class MatchWaiting {
  constructor(
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In the transaction that learned of them, which holds the people's lock alone: no finding is taken in meanwhile. */
  async execute(tx: Tx, { idHashes, householdIds }: Learned): Promise<void> {
    const waiting = await findFindings(
      tx,
      `f.household_id IS NULL AND f.state = 1 AND (f.id_hash = ANY($1::bytea[]) OR f.named_household = ANY($2::bigint[]))`,
      [idHashes.map((hash) => Buffer.from(hash, 'hex')), householdIds],
    );
    if (waiting.length === 0) return;
    const matches = await findHouseholds(tx, waiting);
    const epoch = await epochOf(tx);
    const at = this.clock.now();
    const next = waiting.flatMap((finding, i): Finding[] => {
      const match = matches[i] as (typeof matches)[number];
      if (!isMatched(match))
        return 'unmatched' in finding.match && finding.match.unmatched === match.unmatched
          ? []
          : [{ ...finding, match }];
      const revision = nextRevision(epoch, finding.revision);
      return [{ ...finding, revision, match, facts: factsFor(finding.facts, match), updatedAt: at }];
    });
    await writeFindings(tx, next);
    await this.outbox.add(tx, topics.finding, next.filter(({ match }) => isMatched(match)).map(findingMessage));
  }
}
