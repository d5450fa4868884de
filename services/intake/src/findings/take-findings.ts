import { Injectable } from '@nestjs/common';
import { topics } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import { findHouseholds } from '../people/find-households.js';
import { takePeople } from '../people/people-lock.js';
import type { Finding, Sending, SentFinding } from './finding.js';
import { findingMessage } from './finding-event.js';
import { findingIdOf } from './finding-id.js';
import { findingsById, lockFindings, writeFindings } from './finding-rows.js';
import { nextFinding, type NextFinding } from './next-finding.rule.js';

export interface FindingInHand {
  readonly sent: SentFinding;
  readonly sending: Sending;
}

/** Takes findings in, many at once: a hundred take as many statements as one, and each is decided on what those before it made. */
@Injectable()
export class TakeFindings {
  constructor(private readonly outbox: Outbox) {}

  /** One result for each, in the order given. What becomes a revision is published with the transaction. */
  async execute(tx: Tx, given: readonly FindingInHand[]): Promise<NextFinding[]> {
    await takePeople(tx, 'shared');
    const ids = given.map(({ sent, sending }) => findingIdOf(sending.department, sent));
    await lockFindings(tx, ids);
    const known = await findingsById(tx, ids);
    const matches = await findHouseholds(
      tx,
      given.map(({ sent: { named }, sending: { area } }) => ({ named, area })),
    );
    const epoch = await epochOf(tx);
    const changed = new Map<string, Finding>();
    const said = new Map<string, Finding>();
    const results = given.map(({ sent, sending }, i) => {
      const findingId = ids[i] as string;
      const next = nextFinding(
        changed.get(findingId) ?? known.get(findingId),
        findingId,
        sent,
        matches[i] as (typeof matches)[number],
        sending,
        epoch,
      );
      if (next.stored) changed.set(findingId, next.finding);
      // The last revision of a transaction stands for those before it.
      if (next.published) said.set(findingId, next.finding);
      return next;
    });
    await writeFindings(tx, [...changed.values()]);
    await this.outbox.add(tx, topics.finding, [...said.values()].map(findingMessage));
    return results;
  }
}
