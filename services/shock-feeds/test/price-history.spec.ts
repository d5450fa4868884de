/** Price sheets over the whole road: real history, corrections across two series, any order of sheets, any junk. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Lane, PriceMeasure, ShockLevel, ShockState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { describeWithSharedData } from '@fangpin/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EndOverdueShocks } from '../src/shocks/end-overdue-shocks.js';
import { startShockApp, type Answer, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
  // Series of years ago are long silent; here they are judged as they stood, and no clock comes between.
  await service.app.get(EndOverdueShocks).beforeApplicationShutdown();
});
afterAll(() => service.close());

interface Row {
  readonly product: string;
  readonly market: string;
  readonly unit: string;
  readonly date: string;
  readonly price: string;
}
interface ShockAnswer {
  readonly shockId: string;
  readonly product: string;
  readonly state: string;
  readonly from: string;
  readonly to: string | null;
}

const PATH = '/v1/shocks/market-prices';
const post = (rows: readonly Row[]): Promise<Answer> => service.call('POST', PATH, { body: { rows } });
const shocksOf = ({ body }: Answer) => body['shocks'] as ShockAnswer[];
const viewOf = async (shockId: string) => (await service.call('GET', `/v1/shocks/${shockId}`)).body;

const DAY_MS = 86_400_000;
const weekly = (product: string, market: string, from: string, prices: readonly number[]): Row[] =>
  prices.map((price, i) => ({
    product,
    market,
    unit: '元/公斤',
    date: new Date(Date.parse(from) + i * 7 * DAY_MS).toISOString().slice(0, 10),
    price: String(price),
  }));
const steady = (weeks: number, price: number): number[] => Array.from({ length: weeks }, () => price);

describe('prices of pigs and of maize in one market', () => {
  const market = '昭通市';
  const maize = (price: number) => weekly('玉米', market, '2023-01-01', steady(6, price));

  it('make a ratio signal whichever comes last, and a corrected price of maize takes it away', async () => {
    const pigs = await post(weekly('毛猪', market, '2023-01-01', steady(6, 17)));
    expect(shocksOf(pigs)).toEqual([]);
    const opened = await post(maize(3));
    expect(shocksOf(opened)).toMatchObject([{ product: '生猪', state: 'open', from: '2023-01-01', to: null }]);
    const shockId = shocksOf(opened)[0]?.shockId as string;
    expect(await service.eventsOf(shockId)).toMatchObject([
      {
        kind: 'price-fall',
        level: ShockLevel.ORANGE,
        lane: Lane.ALERT,
        regions: ['5306'],
        // Against the cost: who sells above it loses nothing.
        priceFall: {
          product: 100,
          referenceFenPerKg: 1_600n,
          latestFenPerKg: 1_700n,
          signals: [{ measure: PriceMeasure.PIG_GRAIN_RATIO, level: 3, fromDay: '2023-01-01', latestPermille: 5_667n }],
        },
      },
    ]);
    expect((await post(maize(3))).body).toEqual(opened.body);
    const corrected = await post(maize(2.6));
    expect(shocksOf(corrected)).toMatchObject([{ shockId, state: 'cancelled' }]);
    expect((await service.eventsOf(shockId)).at(-1)).toMatchObject({ state: ShockState.CANCELLED });
    // And a second correction brings the same shock back.
    expect(shocksOf(await post(maize(2.8)))).toEqual([]);
    const mended = weekly('玉米', market, '2023-01-01', [...steady(5, 3), 2.9]);
    expect(shocksOf(await post(mended))).toMatchObject([{ shockId, state: 'open' }]);
  });

  it('are one shock with a fall and a loss, which signals join and leave by revisions', async () => {
    const place = '丽江市';
    const grain = weekly('玉米', place, '2021-01-03', steady(90, 2.6));
    const pigs = weekly('生猪', place, '2021-01-03', [
      ...steady(60, 20),
      ...steady(4, 15.8),
      ...steady(6, 11.5),
      ...steady(4, 16.4),
      ...steady(4, 19.5),
    ]);
    await post(grain);
    const opened = await post(pigs.slice(0, 64));
    const shockId = shocksOf(opened)[0]?.shockId as string;
    await post(pigs.slice(64, 70));
    await post(pigs.slice(70, 74));
    await post(pigs.slice(74));
    const events = await service.eventsOf(shockId);
    const said = events.map(({ state, level, priceFall }) => [
      state,
      level,
      priceFall?.signals.map(({ measure }) => measure),
    ]);
    const { FALL, UNDER_COST, PIG_GRAIN_RATIO } = PriceMeasure;
    expect(said).toEqual([
      [ShockState.OPEN, ShockLevel.BLUE, [FALL, UNDER_COST]],
      [ShockState.OPEN, ShockLevel.RED, [FALL, UNDER_COST, PIG_GRAIN_RATIO]],
      [ShockState.OPEN, ShockLevel.ORANGE, [FALL]],
      [ShockState.ENDED, ShockLevel.RED, [FALL, UNDER_COST, PIG_GRAIN_RATIO]],
    ]);
    expect(await viewOf(shockId)).toMatchObject({ state: 'ended', endedBy: 'hysteresis' });
    const recalled = await post(weekly('生猪', place, '2021-01-03', steady(78, 20)));
    expect(shocksOf(recalled)).toMatchObject([{ shockId, state: 'cancelled' }]);
  });

  it('that are over before they are first known are kept as history, and no follower hears of them', async () => {
    const place = '楚雄彝族自治州';
    const pigs = weekly('生猪', place, '2021-01-03', [...steady(52, 20), ...steady(6, 15), ...steady(10, 19.5)]);
    const answer = await post(pigs);
    expect(shocksOf(answer)).toMatchObject([{ state: 'ended', from: '2022-01-02' }]);
    expect(await service.eventsOf(shocksOf(answer)[0]?.shockId as string)).toEqual([]);
  });
});

describeWithSharedData('the national weekly series of 2016 to 2021', (dataDir) => {
  const [head = [], ...weeks] = readFileSync(
    path.join(dataDir, 'prices', 'china_weekly_livestock_2016_2021.csv'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  const rowsFor = (market: string, names: readonly string[]): Row[] =>
    weeks.flatMap((week) =>
      names.map((product) => ({
        product,
        market,
        unit: product === '玉米' || product === '豆粕' ? '元/吨' : '元/公斤',
        date: week[0] ?? '',
        price: week[head.indexOf(product)] ?? '',
      })),
    );

  it('posted as one sheet gives the shocks that the page lists', async () => {
    const answer = await post(rowsFor('全国', head.slice(1)));
    expect(answer).toMatchObject({ status: 202, body: { rows: 1_565, accepted: 1_565, errors: [], marks: [] } });
    const page = readFileSync(new URL('../../../docs/livestock-prices-2016-2021.md', import.meta.url), 'utf8');
    const listed = [...page.matchAll(/^\| \*\*(.+?)\*\* \| \*\*shock\*\* \| \*\*(.+?)\*\* \| +\| \*\*(.+?)\*\* /gm)];
    expect(shocksOf(answer).map(({ product, from, to }) => [product, from, to ?? 'open'])).toEqual(
      listed.map(([, product, from, to]) => [product, from, to]),
    );
    const [past, , , last] = shocksOf(answer);
    expect(await viewOf(past?.shockId as string)).toMatchObject({ lane: 'recorded', state: 'ended' });
    expect(await service.eventsOf(past?.shockId as string)).toEqual([]);
    expect(await service.eventsOf(last?.shockId as string)).toMatchObject([
      { state: ShockState.OPEN, lane: Lane.ALERT },
    ]);
  });

  it('gives the same shocks in any sheets and any order', async () => {
    const stateOf = async (market: string) =>
      service.database.transaction(cellScope('spec'), (tx) =>
        tx.query(
          `SELECT price ->> 'product' AS product, state, level, lane, price ->> 'fromDay' AS from_day, ended_at, ended_by,
             price ->> 'referenceFenPerKg' AS reference,
             (SELECT jsonb_agg(s - 'latestPermille') FROM jsonb_array_elements(facts -> 'priceSignals') AS s) AS signals
           FROM shocks WHERE origin = 'price' AND price ->> 'market' = $1 AND state <> 'cancelled' ORDER BY 1, 5`,
          [market],
        ),
      );
    const names = ['生猪', '玉米'];
    await post(rowsFor('甘肃省', names));
    const whole = await stateOf('甘肃省');
    expect(whole).toHaveLength(4);
    const markets = ['青海省', '宁夏', '江西省', '海南省'];
    for (const [i, market] of markets.entries()) {
      const rows = rowsFor(market, names);
      const [shuffled = []] = fc.sample(fc.shuffledSubarray(rows, { minLength: rows.length }), { numRuns: 1, seed: i });
      const size = [7, 60, 200, 320][i] ?? 100;
      // The smallest sheets are many: the last half comes as one.
      const split = i === 0 ? rows.length / 2 : rows.length;
      const sheets: Row[][] = [];
      for (let at = 0; at < split; at += size) sheets.push(shuffled.slice(at, Math.min(at + size, split)));
      if (split < rows.length) sheets.push(shuffled.slice(split));
      for (const sheet of sheets) expect((await post(sheet)).status).toBe(202);
      expect(await stateOf(market)).toEqual(whole);
    }
  });
});

describe('a price sheet', () => {
  it('with several rows for a day, a gap and a slip of the decimal point says so', async () => {
    const rows = weekly('番茄', '斗南', '2024-01-07', [3, 3.1, 3.2]);
    const answer = await post([
      ...rows,
      { ...(rows[2] as Row), price: '3.6' },
      { ...(rows[2] as Row), date: '2024-03-03', price: '3.3' },
      { ...(rows[2] as Row), date: '2024-03-10', price: '33' },
    ]);
    expect(answer).toMatchObject({
      status: 202,
      body: {
        accepted: 6,
        marks: [
          { product: '番茄', market: '斗南', date: '2024-01-21', mark: 'several' },
          { date: '2024-03-03', mark: 'gap', text: expect.stringContaining('42天') },
          { date: '2024-03-10', mark: 'outlier', text: expect.stringContaining('33.00元') },
        ],
      },
    });
    const url = (query: string) => `${PATH}?${query}&market=${encodeURIComponent('斗南')}`;
    const tomatoes = encodeURIComponent('西红柿');
    const series = await service.call('GET', url(`product=${tomatoes}&from=2024-01-14`), {
      as: { role: 'village-monitor', region: '532327101201' },
    });
    expect(series).toMatchObject({
      status: 200,
      body: {
        product: '番茄',
        prices: [
          { date: '2024-01-14', fenPerKg: 310, marks: [] },
          { date: '2024-01-21', fenPerKg: 340, marks: [{ mark: 'several' }] },
          { date: '2024-03-03', fenPerKg: 330, marks: [{ mark: 'gap' }] },
          { date: '2024-03-10', fenPerKg: 3_300, marks: [{ mark: 'outlier' }] },
        ],
      },
    });
    expect(await service.call('GET', url('product=x'))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'product' }] },
    });
  });

  it('of a wholesale market is taken as it is, the market named in the address', async () => {
    const body = '品名,最低价,平均价,最高价,规格,单位,发布日期\n土豆,0.8,1.05,1.3,普通,斤,2024-06-10\n';
    const answer = await service.call('POST', `${PATH}?market=${encodeURIComponent('新发地')}`, {
      body,
      type: 'text/csv',
    });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
    const twice = await service.call('POST', `${PATH}?market=a&market=b`, { body, type: 'text/csv' });
    expect(twice).toMatchObject({ status: 400, body: { errors: [{ field: 'market' }] } });
  });

  it('of ten thousand series is taken whole, and none of them is mixed with another', async () => {
    const of = (week: number) =>
      Array.from(
        { length: 10_000 },
        (_, i) => weekly('番茄', `市场${i}`, `2024-01-0${week}`, [1 + (i % 90) / 10 + week])[0] as Row,
      );
    expect(await post(of(1))).toMatchObject({ status: 202, body: { accepted: 10_000, marks: [] } });
    expect(await post(of(8))).toMatchObject({ status: 202, body: { accepted: 10_000 } });
    const stored = await service.database.transaction(cellScope('spec'), (tx) =>
      tx.query(
        `SELECT count(*)::int AS rows, count(DISTINCT market)::int AS markets FROM price_points
         WHERE market LIKE '市场%' AND superseded_at IS NULL`,
      ),
    );
    expect(stored).toEqual([{ rows: 20_000, markets: 10_000 }]);
  });

  it('of any junk is answered 202 or refused with its reasons, never a failure of the service', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        '生猪',
        '玉米',
        '全国',
        '元/公斤',
        '斤',
        '2021-10-10',
        '2021-02-30',
        '10.93',
        '1e400',
        '-0',
        '999999999.999999999999',
        '\u0000',
        '\ud800',
        "'; DROP TABLE",
        '__proto__',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const row = fc.dictionary(
      fc.constantFrom('product', 'market', 'unit', 'date', 'price', '品名', '平均价', '__proto__'),
      fc.oneof(word, fc.double(), fc.anything({ maxDepth: 1 })),
    );
    const json = fc.oneof(fc.record({ rows: fc.array(row, { maxLength: 6 }) }), fc.anything({ maxDepth: 2 }));
    const csv = fc
      .array(
        fc.array(word, { maxLength: 7 }).map((cells) => cells.join(',')),
        { maxLength: 6 },
      )
      .map((lines) => ['product,market,unit,date,price', ...lines].join('\n'));
    const calls = fc.oneof(
      json.map((body) => ({ body: JSON.stringify(body) ?? 'null', type: 'application/json' })),
      csv.map((body) => ({ body, type: 'text/csv' })),
      fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => ({ body: Buffer.from(bytes), type: 'text/csv; charset=gb18030' })),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ body: Buffer.from(bytes), type: 'text/csv' })),
    );
    await fc.assert(
      fc.asyncProperty(calls, async (call) => {
        const { status, body } = await service.call('POST', PATH, call);
        expect([202, 400]).toContain(status);
        if (status === 400) expect(typeof body['code']).toBe('string');
      }),
      { numRuns: 600 },
    );
  });
});
