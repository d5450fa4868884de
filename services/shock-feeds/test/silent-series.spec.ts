/** What becomes of a price shock whose series says nothing more. */
import { Lane, ShockEnd, ShockState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { EndOverdueShocks } from '../src/shocks/end-overdue-shocks.js';
import { startShockApp, type Answer, type ShockApp } from './shock-app.js';

const DAY_MS = 86_400_000;
const MIGRATION = new URL('../migrations/0016-end-silent-prices.sql', import.meta.url);

describe('a price shock whose series falls silent', () => {
  let service: ShockApp;
  let market = '';
  const markets = ['云南省', '贵州省', '四川省', '湖南省', '江西省', '甘肃省'];
  beforeAll(async () => {
    service = await startShockApp();
    // The clock comes when it is asked to.
    await service.app.get(EndOverdueShocks).beforeApplicationShutdown();
  });
  afterAll(() => service.close());
  beforeEach(() => {
    market = markets.shift() ?? '';
  });

  const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const post = (prices: readonly number[], from: string): Promise<Answer> =>
    service.call('POST', '/v1/shocks/market-prices', {
      body: {
        rows: prices.map((price, i) => ({
          product: '生猪',
          market,
          unit: '元/公斤',
          date: dayOf(Date.parse(from) + i * 7 * DAY_MS),
          price: String(price),
        })),
      },
    });
  const idOf = ({ body }: Answer): string => (body['shocks'] as { shockId: string }[])[0]?.shockId as string;
  const sweep = () => service.app.get(EndOverdueShocks).sweep();
  const show = async (id: string) => (await service.call('GET', `/v1/shocks/${id}`)).body;
  const statesOf = async (id: string) => (await service.eventsOf(id)).map(({ state }) => state);
  const dueOf = async (id: string): Promise<string | undefined> => {
    const [row] = await service.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ due: Date | null }>('SELECT ends_due_at AS due FROM shocks WHERE shock_id = $1', [id]),
    );
    return row?.due?.toISOString();
  };
  const steady = (weeks: number, price: number): number[] => Array.from({ length: weeks }, () => price);
  const { OPEN, ENDED } = ShockState;

  it('ends by the clock, also where it was sent as a whole, years later: its alerts go out first', async () => {
    const id = idOf(await post([...steady(52, 20), 14, 14, 14], '2021-01-03'));
    await sweep();
    expect(await show(id)).toMatchObject({
      state: 'ended',
      endedBy: 'expiry',
      // Half a year after 2022-01-16 (policy price-series of pigs).
      endedAt: '2022-07-17T00:00:00+08:00',
      price: { latestDay: '2022-01-16' },
    });
    expect(await service.eventsOf(id)).toMatchObject([
      { state: OPEN, lane: Lane.ALERT },
      { state: ENDED, lane: Lane.ALERT, endedBy: ShockEnd.EXPIRY },
    ]);
  });

  it('is not told of again by a sheet that says nothing new, nor by a price of years later', async () => {
    const prices = [...steady(52, 20), 14, 14, 14];
    const id = idOf(await post(prices, '2021-01-03'));
    await sweep();
    const before = await show(id);
    expect((await post(prices.slice(10), '2021-03-14')).status).toBe(202);
    expect((await post([19, 19], '2025-03-02')).status).toBe(202);
    await sweep();
    expect(await show(id)).toEqual(before);
    expect(await statesOf(id)).toEqual([OPEN, ENDED]);
  });

  it('tells of a correction without opening it again', async () => {
    const id = idOf(await post([...steady(52, 20), 14, 14, 14], '2021-01-03'));
    await sweep();
    await post([9], '2022-01-16');
    expect(await statesOf(id)).toEqual([OPEN, ENDED, ENDED]);
    expect(await show(id)).toMatchObject({ state: 'ended', endedAt: '2022-07-17T00:00:00+08:00' });
  });

  it('opens again when the series speaks again, and ends anew', async () => {
    const id = idOf(await post([...steady(52, 20), 14, 14, 14], '2021-01-03'));
    await sweep();
    expect(idOf(await post([14, 13.9], '2022-01-23'))).toBe(id);
    expect(await show(id)).toMatchObject({ state: 'open', endedBy: null });
    await sweep();
    expect(await show(id)).toMatchObject({ state: 'ended', endedAt: '2022-07-31T00:00:00+08:00' });
    expect(await statesOf(id)).toEqual([OPEN, ENDED, OPEN, ENDED]);
  });

  it('lives on by every price, also by one that is no news', async () => {
    const last = Date.parse(dayOf(Date.now() - 30 * DAY_MS));
    const id = idOf(await post([...steady(52, 20), 14, 14, 14], dayOf(last - 54 * 7 * DAY_MS)));
    const due = await dueOf(id);
    expect(due).toBe(new Date(last + 182 * DAY_MS - DAY_MS / 3).toISOString());
    await post([14.1], dayOf(last + 7 * DAY_MS));
    expect(await dueOf(id)).toBe(new Date(last + 189 * DAY_MS - DAY_MS / 3).toISOString());
    await sweep();
    expect(await statesOf(id)).toEqual([OPEN]);
  });

  it('ends too where an earlier version of the service left it open for ever', async () => {
    const id = idOf(await post([...steady(52, 20), 14, 14, 14], '2021-01-03'));
    await service.database.transaction(cellScope('spec'), async (tx) => {
      await tx.execute(
        `UPDATE shocks SET state = 'open', ended_by = NULL, ended_at = NULL, ends_due_at = NULL WHERE shock_id = $1`,
        [id],
      );
      await tx.execute(readFileSync(MIGRATION, 'utf8'));
    });
    await sweep();
    expect(await show(id)).toMatchObject({ state: 'ended', endedAt: '2022-07-17T00:00:00+08:00' });
  });
});
