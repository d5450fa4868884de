import { Injectable } from '@nestjs/common';
import { FindingState, topics } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import { keepEarlier, type EarlierChange } from './earlier-statements.js';
import type { Finding, Sending, SentFinding } from './finding.js';
import { findingMessage } from './finding-event.js';
import { identityOf } from './finding-id.js';
import { writeFindings } from './finding-rows.js';
import { holdFindings } from './hold-findings.js';
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
    if (given.length === 0) return [];
    const identities = given.map(({ sent, sending }) => identityOf(sending, sent));
    const held = await holdFindings(
      tx,
      identities,
      given.map(({ sent }) => sent.named),
    );
    const epoch = await epochOf(tx);
    const changed = new Map<string, Finding>();
    const said = new Map<string, Finding>();
    const earlier: EarlierChange[] = [];
    const results = given.map(({ sent, sending }, i) => {
      const identity = identities[i] as string;
      const known = changed.get(identity) ?? held.findings.get(identity);
      // One that was taken back is looked for as if it had never been: nothing holds it to the household that it was of.
      const soFar = known?.state === FindingState.RAISED ? { match: known.match } : {};
      const match = held.match({ named: sent.named, area: sending.area, ...soFar });
      const next = nextFinding(known, identity, sent, match, sending, epoch);
      if (next.stored) changed.set(identity, next.finding);
      if (next.earlier !== undefined) earlier.push({ findingId: next.finding.findingId, earlier: next.earlier });
      // The last revision of a transaction stands for those before it.
      if (next.published) said.set(identity, next.finding);
      return next;
    });
    await writeFindings(tx, [...changed.values()]);
    await keepEarlier(tx, earlier);
    await this.outbox.add(tx, topics.finding, [...said.values()].map(findingMessage));
    return results;
  }
}
