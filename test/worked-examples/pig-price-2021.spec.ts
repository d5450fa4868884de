/** The page docs/worked-examples/pig-price-2021.md, made again from the published weekly prices. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseRegionCode } from '@fangpin/domain-kit';
import { describeWithSharedData } from '@fangpin/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ExplainedAlertResponse } from '../../services/risk-alerts/src/alerts/alert.responses.js';
import type { FanOutResponse } from '../../services/risk-alerts/src/ledger/fan-out.response.js';
import { blockOf, figuresOf, recordRows, row, townshipRows } from './page.js';
import { startWorkedWorld, type WorkedWorld } from './world.js';

const PAGE = 'pig-price-2021';
/** Sundays at which the sheets end that are posted: the mark is passed, the plan speaks, the low, the last price. */
const UNTIL = ['2021-04-18', '2021-06-27', '2021-10-10'] as const;
const YEAR_OF_WEEKS = 52;
/** Share under the mean of the year before from which on a week is past the mark (policy `price-fall`). */
const MARK = 0.2;

interface Week {
  readonly date: string;
  readonly pig: number;
  readonly maize: number;
}

describeWithSharedData('the pig price fall of 2021 in a made-up 永仁县', (dataDir) => {
  const [head = [], ...sheet] = readFileSync(
    path.join(dataDir, 'prices', 'china_weekly_livestock_2016_2021.csv'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  const weeks = sheet.map((cells): Week => {
    const of = (name: string): number => Number(cells[head.indexOf(name)]);
    return { date: cells[0] ?? '', pig: of('生猪'), maize: of('玉米') };
  });
  let world: WorkedWorld;
  const ledgers: FanOutResponse[] = [];
  const states: Record<string, unknown>[] = [];
  let examples: ExplainedAlertResponse[] = [];

  beforeAll(async () => {
    world = await startWorkedWorld({ county: parseRegionCode('532327'), households: 1_400, assessedOn: '2021-04-18' });
    let before = 0;
    let shockId = '';
    for (const until of UNTIL) {
      const rows = weeks
        .filter(({ date }) => date <= until)
        .flatMap(({ date, pig, maize }) => [
          { product: '生猪', market: '全国', unit: '元/公斤', date, price: String(pig) },
          { product: '玉米', market: '全国', unit: '元/吨', date, price: String(maize) },
        ]);
      const answer = await world.feeds.call('POST', '/v1/shocks/market-prices', { body: { rows } });
      const shocks = answer.body['shocks'] as { shockId: string; product: string; state: string }[];
      shockId = shocks.find(({ product, state }) => product === '生猪' && state === 'open')?.shockId ?? shockId;
      const ledger = await world.done(shockId, ({ revision }) => revision > before);
      before = ledger.revision;
      ledgers.push(ledger);
      states.push((await world.feeds.call('GET', `/v1/shocks/${shockId}`)).body);
    }
    examples = await world.examples(shockId, [4, 3, 2]);
  }, 180_000);
  afterAll(() => world.close());

  it('passes its mark in the weeks that the page lists', () => {
    const lines = weeks.flatMap(({ date, pig, maize }, i) => {
      if (date < '2021-01-03' || date > UNTIL[2]) return [];
      const year = weeks.slice(i - YEAR_OF_WEEKS, i);
      const mean = year.reduce((sum, week) => sum + week.pig, 0) / year.length;
      const under = 1 - pig / mean;
      const ratio = (pig * 1_000) / maize;
      const cells = [pig.toFixed(2), mean.toFixed(2), `${(under * 100).toFixed(1)} %`, `${ratio.toFixed(2)}∶1`];
      return [row(date, ...cells, under >= MARK ? 'past' : '')];
    });
    expect(blockOf(PAGE, 'prices').slice(1)).toEqual(lines.map((line) => line.replaceAll(/ {2,}/g, ' ')));
  });

  it('is one shock that deepens, and adds up each time', () => {
    const lines = states.map(({ headline, level }, i) =>
      row(UNTIL[i] ?? '', String(headline), String(level), ...figuresOf(ledgers[i] as FanOutResponse)),
    );
    expect(blockOf(PAGE, 'revisions').slice(1)).toEqual(lines);
    for (const ledger of ledgers) {
      expect(ledger.exposed).toBe(ledger.alerted + ledger.withheld);
      expect(ledger.alerted).toBe(ledger.listed + ledger.casesOpened + ledger.casesAttached + ledger.parked);
    }
  });

  it('finds by township what the page says', () => {
    expect(blockOf(PAGE, 'townships').slice(1)).toEqual(townshipRows(ledgers[2] as FanOutResponse));
  });

  it('explains three households as the page does, by the values that the page lists', () => {
    expect(blockOf(PAGE, 'examples')).toEqual(examples.map(({ explanation }) => `> ${explanation.text}`));
    expect(examples.every(({ explanation }) => explanation.recomputed)).toBe(true);
    expect(blockOf(PAGE, 'values').slice(1)).toEqual(recordRows(examples));
  });
});
