/** Judges shocks again under the version of the policy that is loaded now, set by set. */
import { isTransient } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { setImmediate as othersFirst } from 'node:timers/promises';
import { RegionPositions } from '../boundaries/region-positions.js';
import { QuakePlacesNow } from '../earthquakes/quake-places-now.js';
import { JudgeSeries } from '../market-prices/judge-series.js';
import type { Statement } from '../shocks/chain.rule.js';
import { ShockStore, type ShockDraft } from '../shocks/shock-store.js';
import type { ShockEntity } from '../shocks/shock.entity.js';
import { storeStatement } from '../shocks/stored-statement.js';
import { changesOf, type ChangeName } from './changes.rule.js';
import type { Derivation, DerivedPart } from './derive-again.rule.js';
import { readSaid, saidOfShocks, type SaidRow } from './said-of-shocks.js';
import { shockAgain } from './shock-again.rule.js';

export interface Rejudged {
  readonly shock: ShockEntity;
  readonly draft: ShockDraft;
  /** All that was said of it, judged by the version: a later message must find its chain as the shock stands. */
  readonly statements: readonly Statement[];
  readonly changes: readonly ChangeName[];
  readonly notDerived: readonly DerivedPart[];
}

/** A shock whose judging throws, always or for now; the others of its set are judged. */
export interface NotJudged {
  readonly shock: ShockEntity;
  readonly error: unknown;
}

@Injectable()
export class RejudgeShocks {
  constructor(
    private readonly shocks: ShockStore,
    private readonly series: JudgeSeries,
    private readonly positions: RegionPositions,
    private readonly places: QuakePlacesNow,
    private readonly policy: PolicySet,
  ) {}

  /**
   * What would become of each, in the order given; nothing is written. Price shocks are computed anew from their series, others from
   * what is kept of their messages. Stops after the first shock past `withinMs`: intake shares the process with this, and may
   * wait for the rows. An error of the database goes on to the caller.
   */
  async judge(
    tx: Tx,
    shocks: readonly ShockEntity[],
    at: Date,
    withinMs = Infinity,
  ): Promise<(Rejudged | NotJudged)[]> {
    const until = performance.now() + withinMs;
    const said = await saidOfShocks(
      tx,
      shocks.map(({ shockId }) => shockId),
    );
    const boundaries = await this.positions.index(tx);
    const context = { policy: this.policy, boundaries, places: () => this.places.of(boundaries.positions) };
    const prices = await this.#prices(tx, shocks, at);
    const judged: (Rejudged | NotJudged)[] = [];
    for (const shock of shocks) {
      if (judged.length > 0 && performance.now() > until) break;
      const rows = said.get(shock.shockId) ?? [];
      judged.push(this.#judgeOne(shock, rows, prices.get(shock.shockId), at, context));
      // Outlines and outward-going circles take their time; a request that came meanwhile is not to wait for all of them.
      if (rows.some(({ basis }) => basis !== null)) await othersFirst();
    }
    return judged;
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
        // An earthquake that shook nobody by the old figures is told of now.
        change: { at, cause: 'rejudged', publish: draft.content.regions.length > 0, applicationId },
      })),
    );
  }

  #judgeOne(
    shock: ShockEntity,
    rows: readonly SaidRow[],
    price: ShockDraft | { readonly error: unknown } | undefined,
    at: Date,
    context: Omit<Derivation, 'ends'>,
  ): Rejudged | NotJudged {
    try {
      if (price !== undefined && 'error' in price) return { shock, error: price.error };
      const again = shockAgain(shock, rows.map(readSaid), at, context);
      const draft = price ?? again.draft;
      const { statements, notDerived } = again;
      return { shock, draft, statements, changes: changesOf(shock, draft), notDerived: [...notDerived].sort() };
    } catch (error) {
      return { shock, error };
    }
  }

  /** All series at once; where one cannot be computed, each by itself. */
  async #prices(
    tx: Tx,
    shocks: readonly ShockEntity[],
    at: Date,
  ): Promise<ReadonlyMap<string, ShockDraft | { readonly error: unknown }>> {
    const ofPrices = shocks.filter(({ origin }) => origin === 'price');
    try {
      return await this.series.draftsOf(tx, ofPrices, at);
    } catch (error) {
      if (isTransient(error)) throw error;
    }
    const drafts = new Map<string, ShockDraft | { readonly error: unknown }>();
    for (const shock of ofPrices) {
      const [draft] = await this.series.draftsOf(tx, [shock], at).then(
        (found) => [found.get(shock.shockId)],
        (error: unknown) => [{ error }],
      );
      if (draft !== undefined) drafts.set(shock.shockId, draft);
    }
    return drafts;
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
