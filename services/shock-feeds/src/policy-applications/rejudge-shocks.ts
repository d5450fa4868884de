/** Judges shocks again under the version of the policy that is loaded now, set by set. */
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { MessageStore } from '../intake/message-store.js';
import { JudgeSeries } from '../market-prices/judge-series.js';
import type { Statement } from '../shocks/chain.rule.js';
import { contentOf, ShockStore, type ShockDraft } from '../shocks/shock-store.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import { storeStatement } from '../shocks/stored-statement.js';
import { shockUnderPresentPolicy, statementUnderPresentPolicy } from './under-present-policy.rule.js';

export interface Rejudged {
  readonly shock: ShockEntity;
  readonly draft: ShockDraft;
  /** All that was said of it, judged by the version: a later message must find its chain as the shock stands. */
  readonly statements: readonly Statement[];
}

@Injectable()
export class RejudgeShocks {
  constructor(
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    private readonly series: JudgeSeries,
    private readonly policy: PolicySet,
  ) {}

  /** What would become of each; nothing is written. Price shocks are computed anew from their series. */
  async judge(tx: Tx, shocks: readonly ShockEntity[], at: Date): Promise<Rejudged[]> {
    const statements = await this.messages.statementsByShock(
      tx,
      shocks.map(({ shockId }) => shockId),
    );
    const prices = await this.series.draftsOf(
      tx,
      shocks.filter(({ origin }) => origin === 'price'),
      at,
    );
    return shocks.map((shock) => {
      const said = (statements.get(shock.shockId) ?? []).map((one) => statementUnderPresentPolicy(one, this.policy));
      return { shock, draft: prices.get(shock.shockId) ?? this.#draftOf(shock, said), statements: said };
    });
  }

  /** Stores what {@link judge} said as new revisions, for followers too. The caller holds the shocks' rows. */
  async write(tx: Tx, rejudged: readonly Rejudged[], applicationId: string, at: Date): Promise<ShockEntity[]> {
    await this.#keep(
      tx,
      rejudged.flatMap(({ statements }) => statements),
    );
    return this.shocks.saveAll(
      tx,
      rejudged.map(({ shock, draft }) => ({
        before: shock,
        draft,
        change: { at, cause: 'rejudged', publish: false, applicationId },
      })),
    );
  }

  /** Its life and how it ended stay: they were told, and people have acted by them. */
  #draftOf(shock: ShockEntity, statements: readonly Statement[]): ShockDraft {
    const { state, endsDueAt, endedBy, endedAt, cancelledBy, cancelReason, mergedInto } = shock;
    return {
      content: shockUnderPresentPolicy(contentOf(shock), statements, this.policy),
      state,
      endsDueAt,
      ...(endedBy === null || endedAt === null ? {} : { end: { by: endedBy, at: endedAt } }),
      cancelledBy,
      cancelReason,
      mergedInto,
    };
  }

  async #keep(tx: Tx, statements: readonly Statement[]): Promise<void> {
    const judged = statements.filter(({ content }) => content !== undefined);
    if (judged.length === 0) return;
    await tx.execute(
      `UPDATE shock_messages m SET statement = v.statement
       FROM jsonb_to_recordset($1::jsonb) AS v (key text, statement jsonb)
       WHERE m.statement IS NOT NULL AND m.message_key = v.key`,
      [JSON.stringify(judged.map((one) => ({ key: one.key, statement: storeStatement(one) })))],
    );
  }
}
