import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '@fangpin/policy';
import { ShockEntity } from '../shocks/shock.entity.js';
import { rowOf } from '../shocks/shock-draft.js';
import { isNews } from './news.rule.js';
import { planShocks, type Planned } from './plan-shocks.js';
import type { PriceCase } from './price-case.rule.js';
import { pricePolicy } from './price-policy.js';
import { priceShock } from './price-shock.js';

const series = { product: 100, market: '云南省' };
const policy = pricePolicy(series, loadPolicy());
const at = new Date('2026-11-22T00:00:00Z');
const signal = { measure: 'fall', from: '2024-01-07', openedOn: '2024-01-21', level: 2, latestPermille: 300 } as const;
const found: PriceCase = {
  from: '2024-01-07',
  latestDay: '2024-03-03',
  latestFenPerKg: 1_400,
  referenceFenPerKg: 2_000,
  level: 2,
  signals: [signal],
  had: [signal],
};
const plan = (cases: readonly PriceCase[], stored: readonly ShockEntity[] = []): Planned[] =>
  planShocks(cases, { series, policy, policyVersion: 'v', stored, at });
/** What a plan's new shock is once it is stored. */
const stored = (planned: Planned | undefined, change: Partial<ShockEntity> = {}): ShockEntity => {
  if (planned?.write?.born === undefined) throw new Error('nothing is born');
  const row = { ...planned.write.born, ...rowOf(planned.write.draft), revision: 1, published: true };
  return Object.assign(new ShockEntity(), row, change);
};

describe('the shocks of a series', () => {
  it('are born of a case, with words that an officer can read', () => {
    const [born] = plan([found]);
    expect(born?.write).toMatchObject({
      born: { identity: 'price:100:云南省:2024-01-07', origin: 'price' },
      draft: {
        state: 'open',
        content: {
          regions: ['53'],
          lane: 'alert',
          judgedOn: '2024-03-03',
          headline: '云南省生猪价格自2024-01-07起明显下跌：2024-03-03为每公斤14.00元，较此前均价20.00元下跌30%',
        },
      },
      change: { cause: 'accepted', publish: true },
    });
  });

  it('keep their first identity, which another case then does not get', () => {
    const known = stored(plan([found])[0], {
      price: {
        ...series,
        referenceFenPerKg: 2_000,
        latestFenPerKg: 1_400,
        fromDay: '2024-02-04',
        latestDay: '2024-03-03',
      },
    });
    const earlier = { ...found, latestDay: '2024-01-14', endedOn: '2024-01-28' };
    const [first, second] = plan([earlier, { ...found, from: '2024-02-04' }], [known]);
    expect(first?.write?.born?.identity).toBe('price:100:云南省:2024-01-07#2');
    expect(first?.write?.born?.shockId).not.toBe(known.shockId);
    expect(second?.known?.shockId).toBe(known.shockId);
  });

  it('stay off once an officer called them off', () => {
    const known = stored(plan([found])[0], { state: 'cancelled', cancelledBy: 'officer' });
    expect(plan([{ ...found, level: 4 }], [known])).toMatchObject([{ known }]);
    expect(plan([{ ...found, level: 4 }], [known])[0]).not.toHaveProperty('write');
  });

  it('are recalled when no case bears them out, once', () => {
    const known = stored(plan([found])[0]);
    expect(plan([], [known])[0]?.write).toMatchObject({ draft: { state: 'cancelled', cancelledBy: 'correction' } });
    expect(plan([], [stored(plan([found])[0], { state: 'cancelled' })])[0]).not.toHaveProperty('write');
  });

  it('end by hysteresis, or by expiry after a long silence, on the day of the series', () => {
    const known = stored(plan([found])[0]);
    const over = (endedBy: 'hysteresis' | 'silence') =>
      plan([{ ...found, endedOn: '2024-05-05', endedBy }], [known])[0]?.write?.draft.end;
    expect(over('hysteresis')).toEqual({ by: 'hysteresis', at: new Date('2024-05-04T16:00:00Z') });
    expect(over('silence')).toMatchObject({ by: 'expiry' });
  });

  it('are not published when they are over before they are known', () => {
    expect(plan([{ ...found, endedOn: '2024-05-05', endedBy: 'hysteresis' }])[0]?.write?.change.publish).toBe(false);
  });

  it('are recorded where a signal is mild, the market is one place or no household raises the product', () => {
    const laneFor = (product: number, market: string, measure: 'fall' | 'pig-grain-ratio', level: number) =>
      pricePolicy({ product, market }, loadPolicy()).lane([{ ...signal, measure, level }], level, '2024-03-03');
    expect(laneFor(100, '云南省', 'pig-grain-ratio', 2)).toBe('recorded');
    expect(laneFor(100, '云南省', 'pig-grain-ratio', 3)).toBe('alert');
    expect(laneFor(100, '新发地', 'fall', 4)).toBe('recorded');
    expect(laneFor(300, '云南省', 'fall', 4)).toBe('recorded');
  });
});

describe('news to followers', () => {
  const before = priceShock(series, found, policy, 'v');
  const after = (change: Partial<PriceCase>) => priceShock(series, { ...found, ...change }, policy, 'v');

  it('is a tenth of the reference, not a week within it', () => {
    expect(isNews(before, after({ latestFenPerKg: 1_390, latestDay: '2024-03-10' }), 0.1)).toBe(false);
    expect(isNews(before, after({ latestFenPerKg: 1_200, latestDay: '2024-03-10' }), 0.1)).toBe(true);
  });

  it('is a signal that joins, another level, another reference, another first day', () => {
    const cost = { ...signal, measure: 'under-cost' } as const;
    for (const change of [
      { signals: [signal, cost] },
      { level: 3 },
      { referenceFenPerKg: 2_100 },
      { from: '2024-01-14' },
    ])
      expect(isNews(before, after(change), 0.1)).toBe(true);
  });
});
