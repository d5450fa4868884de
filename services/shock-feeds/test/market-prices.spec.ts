import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Lane, ShockLevel, ShockState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { readFileSync } from 'node:fs';
import { EndOverdueShocks } from '../src/shocks/end-overdue-shocks.js';
import { startShockApp, type Answer, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
  // Series of years ago are long silent; here they are judged as they stood, and no clock comes between.
  await service.app.get(EndOverdueShocks).beforeApplicationShutdown();
});
afterAll(() => service.close());

const PATH = '/v1/shocks/market-prices';
const pigs = readFileSync(new URL('../../../scripts/lib/demo/data/pig-prices-2020-2021.csv', import.meta.url), 'utf8');
const header = 'product,market,unit,date,price';
const csv = (body: string): Promise<Answer> => service.call('POST', PATH, { body, type: 'text/csv; charset=utf-8' });
const shocksOf = ({ body }: Answer) =>
  body['shocks'] as { shockId: string; state: string; from: string; to: string | null }[];

/** A weekly series of goats, from 2020-01-05 on, in yuan per kg. */
const START = Date.parse('2020-01-05T00:00:00Z');
const series = (market: string, prices: readonly number[], fromWeek = 0): string =>
  [
    header,
    ...prices.map(
      (price, i) =>
        `生猪,${market},元/公斤,${new Date(START + (fromWeek + i) * 7 * 86_400_000).toISOString().slice(0, 10)},${price}`,
    ),
  ].join('\n');
const steady = (weeks: number, price: number): number[] => Array.from({ length: weeks }, () => price);

describe('a price sheet', () => {
  it('with the pig prices of 2020–2021 starts one shock, published once as it stands after all rows', async () => {
    const answer = await csv(pigs);
    expect(answer).toMatchObject({
      status: 202,
      body: {
        rows: 93,
        accepted: 93,
        rejected: 0,
        errors: [],
        shocks: [{ product: '生猪', state: 'open', from: '2021-04-04', to: null }],
      },
    });
    const shockId = shocksOf(answer)[0]?.shockId as string;
    expect(await service.eventsOf(shockId)).toMatchObject([
      {
        kind: 'price-fall',
        level: ShockLevel.RED,
        lane: Lane.ALERT,
        state: ShockState.OPEN,
        observed: true,
        regions: ['00'],
        judgedOn: '2021-10-10',
        priceFall: {
          product: 100,
          market: '全国',
          latestFenPerKg: 1_093n,
          fromDay: '2021-04-04',
          latestDay: '2021-10-10',
        },
      },
    ]);
    const again = await csv(pigs);
    expect(again.body).toEqual(answer.body);
    expect(await service.eventsOf(shockId)).toHaveLength(1);
  });

  it('gives the same shock in halves, in the other order, and at once', async () => {
    const prices = [...steady(52, 20), 16, 15, 14, 9];
    const whole = series('云南省', prices);
    const [head, ...rows] = whole.split('\n');
    const half = (from: number, to: number): string => [head, ...rows.slice(from, to)].join('\n');
    const answers = await Promise.all([csv(half(40, 56)), csv(half(0, 40)), csv(half(20, 50))]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const last = await csv(whole);
    expect(shocksOf(last)).toMatchObject([{ state: 'open', from: '2021-01-03' }]);
    const { body } = await service.call('GET', `/v1/shocks/${shocksOf(last)[0]?.shockId as string}`);
    expect(body).toMatchObject({ level: 'red', regions: ['53'], price: { referenceFenPerKg: 2_000 } });
  });

  it('deepens, ends, and is recalled when a correction takes the fall away', async () => {
    const market = '贵州省';
    const opened = await csv(series(market, [...steady(52, 20), 15.5, 15.5, 15.5]));
    const shockId = shocksOf(opened)[0]?.shockId as string;
    expect(await service.eventsOf(shockId)).toMatchObject([{ level: ShockLevel.BLUE }]);
    // A week within the same level is no news to followers; a deeper one is, here nearly a third under the cost.
    await csv(series(market, [15.2], 55));
    await csv(series(market, [11], 56));
    expect((await service.eventsOf(shockId)).map(({ level }) => level)).toEqual([ShockLevel.BLUE, ShockLevel.RED]);
    const ended = await csv(series(market, steady(4, 19.5), 57));
    expect(shocksOf(ended)).toMatchObject([{ shockId, state: 'ended', to: '2021-02-28' }]);
    expect((await service.eventsOf(shockId)).at(-1)).toMatchObject({ state: ShockState.ENDED });
    const corrected = await csv(series(market, steady(5, 19.8), 52));
    expect(shocksOf(corrected)).toMatchObject([{ shockId, state: 'cancelled' }]);
    expect((await service.eventsOf(shockId)).at(-1)).toMatchObject({ state: ShockState.CANCELLED });
    expect((await csv(series(market, steady(5, 19.8), 52))).body).toEqual(corrected.body);
  });

  it('may reach back before the first policy', async () => {
    const rows = ['2009-01-04', '2009-01-11', '2009-01-18'].map((day) => `生猪,广西,元/斤,${day},6.5`);
    expect(await csv([header, ...rows].join('\n'))).toMatchObject({ status: 202, body: { accepted: 3, shocks: [] } });
  });

  it('of a single market place is recorded and endangers no area', async () => {
    const answer = await csv(series('新发地', [...steady(52, 20), 10, 10, 10]));
    const shockId = shocksOf(answer)[0]?.shockId as string;
    expect((await service.call('GET', `/v1/shocks/${shockId}`)).body).toMatchObject({ lane: 'recorded', regions: [] });
    expect(await service.eventsOf(shockId)).toEqual([]);
  });

  it('with some bad rows names them and stores the others', async () => {
    const answer = await csv(
      `${header}\n生猪,测试,元/公斤,2021-01-03,20\n生猪,测试,元/头,2021-01-10,20\n生猪,测试,元/公斤,2021-13-01,20\n生猪,测试,元/公斤,2021-01-17,-1\n生猪,测试\n`,
    );
    expect(answer).toMatchObject({ status: 202, body: { rows: 5, accepted: 1, rejected: 4 } });
    const errors = answer.body['errors'] as { row: number; field: string; value: unknown }[];
    expect(errors.slice(0, 3)).toMatchObject([
      { row: 2, field: 'unit', value: '元/头' },
      { row: 3, field: 'date', value: '2021-13-01' },
      { row: 4, field: 'price', value: '-1' },
    ]);
    expect(errors.slice(3).map(({ row, field }) => [row, field])).toEqual([
      [5, 'unit'],
      [5, 'date'],
      [5, 'price'],
    ]);
  });

  it('as JSON may carry members that nobody knows', async () => {
    const row = {
      product: '玉米',
      market: '全国',
      unit: '元/吨',
      date: '2021-01-03',
      price: 2_463.8571,
      grade: '二等',
    };
    expect(await service.call('POST', PATH, { body: { rows: [row], source: 'x' } })).toMatchObject({
      status: 202,
      body: { accepted: 1, shocks: [] },
    });
    const stored = await service.database.transaction(cellScope('spec'), (tx) =>
      tx.query('SELECT fen_per_kg, price_stated, unit_stated FROM price_points WHERE product = 2'),
    );
    expect(stored).toEqual([{ fen_per_kg: 246, price_stated: '2463.8571', unit_stated: '元/吨' }]);
  });

  it('without one good row is refused whole', async () => {
    expect(await csv(`${header}\n生猪,全国,元/公斤,2021-01-03,0\n`)).toMatchObject({
      status: 400,
      body: { code: 'PRICES.NO_GOOD_ROW', errors: [{ field: 'rows[0].price', value: '0' }] },
    });
    expect(await csv('product;market\n')).toMatchObject({ status: 400, body: { code: 'PRICES.HEADER' } });
    for (const body of [{}, { rows: [] }, { rows: {} }, []])
      expect(await service.call('POST', PATH, { body })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'rows' }] },
      });
    expect((await service.call('POST', PATH, { body: '<a/>', type: 'application/xml' })).status).toBe(415);
    expect(
      (await service.call('POST', PATH, { body: Buffer.alloc(20 * 1_048_576, 'a'), type: 'text/csv' })).status,
    ).toBe(413);
  });
});
