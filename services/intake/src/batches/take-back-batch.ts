import { Inject, Injectable } from '@nestjs/common';
import { topics } from '@fangpin/contracts';
import type { Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { CLOCK, epochOf } from '@fangpin/service-kit';
import { forgetBatch, forgetRestored, lastEarlier } from '../findings/earlier-statements.js';
import { isMatched, isVoid, type Named } from '../findings/finding.js';
import { findingMessage } from '../findings/finding-event.js';
import { writeFindings } from '../findings/finding-rows.js';
import { holdFindings } from '../findings/hold-findings.js';
import { withoutBatch } from '../findings/without-batch.rule.js';
import type { BatchRow } from './batch-rows.js';

/**
 * Takes back what a batch said, set by set. A finding that it stated last stands again as it stood without it; beneath a later
 * batch its word is forgotten. A push that came after it stays, whatever it says.
 */
@Injectable()
export class TakeBackBatch {
  constructor(
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The next so many findings of a batch in state `withdrawing`; answers whether they were the last. */
  async set(tx: Tx, batch: BatchRow, most: number): Promise<boolean> {
    const { batch_id: batchId, withdrawn_reason: reason, withdrawn_by: by } = batch;
    const { named, areLast } = await saidBy(tx, batchId, most);
    const held = await holdFindings(tx, [...named.keys()], [...named.values()]);
    const findings = [...held.findings.values()];
    const ids = findings.map(({ findingId }) => findingId);
    const before = await lastEarlier(tx, ids);
    const epoch = await epochOf(tx);
    const takingBack = { reason: reason ?? '', by: by ?? '', at: this.clock.now() };
    // Once they are held: until then another batch or push may have stated them.
    const next = findings
      .filter((finding) => finding.statedInBatch === batchId && !isVoid(finding))
      .map((finding) => withoutBatch(finding, before.get(finding.findingId), held.match(finding), takingBack, epoch));
    await writeFindings(
      tx,
      next.map(({ finding }) => finding),
    );
    const restored = next.flatMap(({ finding: { findingId } }) => {
      const statement = before.get(findingId);
      return statement === undefined ? [] : [{ findingId, batchId: statement.batchId }];
    });
    await forgetRestored(tx, restored);
    await forgetBatch(tx, ids, batchId);
    const said = next.filter(({ finding, published }) => published && isMatched(finding.match));
    await this.outbox.add(
      tx,
      topics.finding,
      said.map(({ finding }) => findingMessage(finding)),
    );
    return areLast;
  }
}

/** Findings that the batch stated last, or beneath others, by identity; in no order, for each set only looks at its own. */
async function saidBy(tx: Tx, batchId: string, most: number): Promise<{ named: Map<string, Named>; areLast: boolean }> {
  const rows = await tx.query<{ identity: string; id_hash: string | null; named_household: number | null }>(
    `(SELECT f.identity, encode(f.id_hash, 'hex') AS id_hash, f.named_household FROM findings f
       WHERE f.stated_in_batch = $1 AND f.state = 1 LIMIT $2)
     UNION ALL
     (SELECT f.identity, encode(f.id_hash, 'hex'), f.named_household FROM earlier_statements e
        JOIN findings f USING (finding_id) WHERE e.batch_id = $1 LIMIT $2)
     LIMIT $2`,
    [batchId, most],
  );
  const named = new Map(
    rows.map(({ identity, id_hash: idHash, named_household: householdId }): [string, Named] => [
      identity,
      idHash === null ? { householdId: householdId as number } : { idHash },
    ]),
  );
  return { named, areLast: rows.length < most };
}
