import { eventually } from '@fangpin/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { textBody, type Answer, type Problem } from '../../scripts/lib/client/http-client.ts';
import { hailOn } from './shocks.ts';
import { COUNTY, type World } from './world.ts';

const MEBIBYTE = 1_048_576;

export function badInput(world: () => World): void {
  describe('bad input at the gateway', () => {
    // What the clock ends is no consequence of bad input: prices of years ago, which were told before, are over.
    beforeAll(() =>
      eventually(async () =>
        expect(
          await world().sql('shock-feeds', `SELECT FROM shocks WHERE state = 'open' AND ends_due_at <= now()`),
        ).toEqual([]),
      ),
    );

    async function stored(): Promise<Record<string, number>> {
      const count = async (service: 'shock-feeds' | 'household-registry', table: string): Promise<number> =>
        Number((await world().sql<{ n: string }>(service, `SELECT count(*) AS n FROM ${table}`))[0]?.n);
      return {
        shocks: await count('shock-feeds', 'shocks'),
        prices: await count('shock-feeds', 'price_points'),
        households: await count('household-registry', 'households'),
        events: (await count('shock-feeds', 'outbox')) + (await count('household-registry', 'outbox')),
      };
    }

    async function refused(
      path: string,
      body: unknown,
      status: number,
      fields: readonly (string | RegExp)[],
    ): Promise<Problem> {
      const before = await stored();
      const answer: Answer<Problem> = await world().operator.request('POST', path, body);
      expect(answer).toMatchObject({ status });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ status, code: expect.any(String) });
      const named = (answer.body.errors ?? []).map(({ field }) => field);
      for (const field of fields) expect(named).toContainEqual(expect.stringMatching(field));
      expect(await stored()).toEqual(before);
      return answer.body;
    }

    it('prices with a wrong date, unit or a negative value are refused by row and field', async () => {
      const rows = [
        { product: '生猪', market: '全国', unit: '元/公斤', date: '2021-02-30', price: 20 },
        { product: '生猪', market: '全国', unit: '元/头', date: '2021-03-07', price: 20 },
        { product: '生猪', market: '全国', unit: '元/公斤', date: '2021-03-14', price: -1 },
      ];
      await refused('/v1/shocks/market-prices', { rows }, 400, [/date/, /unit/, /price/]);
    });

    it('a household of an unknown village is refused by the name of the field', async () => {
      const household = {
        villageCode: '532327999201',
        members: [{ birthYear: 1980, sex: 'male', relation: 'head', labour: 'ordinary' }],
        livelihoods: [],
      };
      await refused('/v1/households', household, 400, [/^villageCode$/]);
    });

    it('unknown members in an officer’s entry are refused by their names, all at once', async () => {
      const entry = { ...hailOn(), severety: 'red', damage: [{ region: COUNTY, cropHitMuu: 1 }] };
      await refused('/v1/shocks', entry, 400, [/^severety$/, /cropHitMuu/]);
    });

    it('an entry with a region nobody knows, a time to come and amounts below zero is refused field by field', async () => {
      const entry = {
        ...hailOn(),
        regions: ['539999'],
        onset: '2099-01-01T00:00:00+08:00',
        damage: [{ region: COUNTY, cropHitMu: -5 }],
      };
      await refused('/v1/shocks', entry, 400, [/^regions/, /^onset$/, /cropHitMu/]);
    });

    it('a message that is no XML, or brings a DTD, is refused', async () => {
      const xml = (content: string) => textBody('application/cap+xml', content);
      await refused('/v1/shocks/cap', xml('<alert><identifier>'), 400, []);
      await refused('/v1/shocks/cap', xml('<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>'), 400, []);
    });

    it.each([
      ['application/json', '/v1/shocks'],
      ['text/csv', '/v1/shocks/market-prices'],
      ['application/cap+xml', '/v1/shocks/cap'],
      ['application/json', '/v1/households'],
    ])('twenty mebibytes of %s at %s are too large', async (type, path) => {
      await refused(path, textBody(type, new Uint8Array(20 * MEBIBYTE).fill(0x20)), 413, []);
    });

    it('nothing but health and docs is open without a token', async () => {
      const bare = async (path: string): Promise<number> => (await fetch(`${world().stack.gateway}${path}`)).status;
      expect(await bare('/v1/households')).toBe(401);
      expect(await bare('/v1/shocks')).toBe(401);
      expect(await bare('/health/ready')).toBe(200);
      expect(await bare('/openapi.json')).toBe(200);
      expect(await bare('/docs')).toBe(200);
    });
  });
}
