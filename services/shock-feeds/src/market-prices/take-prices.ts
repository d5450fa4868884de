/** The use case behind `POST /v1/shocks/market-prices`: rows in, the shocks that they start, change or end out. */
import { findMarketProduct } from '@fangpin/contracts';
import { InvalidFields, shanghaiDay } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import { MessageStore } from '../intake/message-store.js';
import { digestOf, type Received } from '../intake/received.js';
import { ShockMessageEntity } from '../shocks/shock-message.entity.js';
import type { ShockState } from '../shocks/shock.js';
import { ShockStore } from '../shocks/shock-store.js';
import { dayPrices } from './day-price.js';
import { measuredAgainst } from './judge-prices.rule.js';
import { JudgeSeries, type JudgedSeries, type JudgedShock } from './judge-series.js';
import { marksOf, type PriceMarkAnswer } from './price-marks.js';
import type { Series } from './price-policy.js';
import { PricePoints, seriesKey } from './price-points.js';
import { checkRows, type CheckedRows, type PriceRow, type RowProblem, type StatedRow } from './price-row.js';

export interface PriceShockAnswer {
  readonly shockId: string;
  readonly product: string;
  readonly state: ShockState;
  /** First day past the mark. */
  readonly from: string;
  /** The day on which it was seen to be over; null while it is open. */
  readonly to: string | null;
}

export interface PricesAnswer {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly RowProblem[];
  readonly shocks: readonly PriceShockAnswer[];
  /** What the rows' days show in their series: days with several rows, gaps before them, outliers. */
  readonly marks: readonly PriceMarkAnswer[];
}

@Injectable()
export class TakePrices {
  constructor(
    private readonly database: Database,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    private readonly points: PricePoints,
    private readonly series: JudgeSeries,
  ) {}

  /**
   * Stores the good rows and names the bad ones; refuses a sheet without a single good row (400, every bad field named).
   * The same sheet again changes nothing and gets the same answer, also after another sheet has corrected it.
   */
  async take(stated: readonly StatedRow[], received: Received): Promise<PricesAnswer> {
    const checked = checkRows(stated, shanghaiDay(received.at));
    if (checked.accepted.length === 0)
      throw new InvalidFields(
        checked.errors.map(({ row, field, value, rule }) => ({ field: `rows[${row - 1}].${field}`, value, rule })),
        'PRICES.NO_GOOD_ROW',
      );
    const digest = digestOf(JSON.stringify([checked.accepted, checked.errors]));
    return this.database.transaction(cellScope('http:shocks'), (tx) =>
      this.#take(tx, stated.length, checked, digest, received),
    );
  }

  async #take(
    tx: Tx,
    rows: number,
    { accepted, errors }: CheckedRows,
    digest: Buffer,
    received: Received,
  ): Promise<PricesAnswer> {
    const key = `prices:${digest.toString('hex')}`;
    const touched = seriesOf(accepted);
    const follow = followers([...touched.values()]).filter((series) => !touched.has(seriesKey(series)));
    await this.shocks.lock(tx, [key, ...touched.keys(), ...follow.map(seriesKey)]);
    const known = await this.messages.find(tx, key);
    // Answers from before there were marks have none.
    if (known?.answer) return { marks: [], ...(known.answer as Omit<PricesAnswer, 'marks'>) };
    const message = await this.messages.add(tx, {
      key,
      origin: 'price',
      digest,
      received,
      outcome: 'accepted',
      problems: [],
      shockId: null,
    });
    await this.points.put(tx, dayPrices(accepted), message.messageId, received.at);
    const judged = await this.series.judgeAll(tx, [...touched.values(), ...follow], received.at);
    const answer: PricesAnswer = {
      rows,
      accepted: accepted.length,
      rejected: new Set(errors.map(({ row }) => row)).size,
      errors,
      shocks: judged.flatMap((one) => shocksOf(one, touched.get(seriesKey(one.series))?.days)),
      marks: judged.flatMap((one) => marksOf(one, touched.get(seriesKey(one.series))?.days)),
    };
    await tx.manager.getRepository(ShockMessageEntity).update({ messageId: message.messageId }, { answer });
    return answer;
  }
}

interface TouchedSeries extends Series {
  readonly days: Set<string>;
}

function seriesOf(rows: readonly PriceRow[]): Map<string, TouchedSeries> {
  const touched = new Map<string, TouchedSeries>();
  for (const { product, market, day } of rows) {
    const key = seriesKey({ product, market });
    const series = touched.get(key) ?? { product, market, days: new Set<string>() };
    series.days.add(day);
    touched.set(key, series);
  }
  return touched;
}

/** Series that are measured against those touched: a price of maize is half of a ratio of pigs. */
function followers(touched: readonly Series[]): Series[] {
  return touched.flatMap((series) => measuredAgainst(series) ?? []);
}

function shocksOf({ shocks }: JudgedSeries, days: ReadonlySet<string> | undefined): PriceShockAnswer[] {
  return shocks.filter((shock) => shock.changed || (days !== undefined && speaksOf(days, shock))).map(answerOf);
}

/** A row of the sheet lies within the shock's days. */
function speaksOf(days: ReadonlySet<string>, { shock, endedOn }: JudgedShock): boolean {
  const from = shock.price?.fromDay ?? '';
  if (shock.state === 'cancelled') return false;
  return [...days].some((day) => day >= from && (endedOn === undefined || day <= endedOn));
}

function answerOf({ shock, endedOn }: JudgedShock): PriceShockAnswer {
  return {
    shockId: shock.shockId,
    product: findMarketProduct(shock.price?.product ?? 0)?.name ?? '',
    state: shock.state,
    from: shock.price?.fromDay ?? '',
    to: endedOn ?? null,
  };
}
