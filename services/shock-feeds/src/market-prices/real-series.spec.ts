/** What the rules find in real series; the weekly one stands in docs/livestock-prices-2016-2021.md. */
import { expect, it } from '@jest/globals';
import { findMarketProductByName, findProductByKey } from '@fangpin/contracts';
import { loadPolicy } from '@fangpin/policy';
import { describeWithSharedData } from '@fangpin/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dayPrices } from './day-price.js';
import { grainOf, judgePrices, type JudgedPrices } from './judge-prices.rule.js';
import type { PriceCase } from './price-case.rule.js';
import { pricePolicy } from './price-policy.js';
import { checkRows, type CheckedRows, type StatedRow } from './price-row.js';
import { rowsOfCsv } from './read-price-sheet.js';

const policy = loadPolicy();
const LEVELS = ['', '蓝', '黄', '橙', '红'];
const MEASURES = { fall: 'fall', 'under-cost': 'under cost', 'pig-grain-ratio': '猪粮比价' } as const;

/** The series of a sheet, each judged on its own, with the maize of its market where it needs that. */
function judgeSheet({ accepted }: CheckedRows): Map<number, JudgedPrices> {
  const byProduct = Map.groupBy(dayPrices(accepted), ({ product }) => product);
  const pointsOf = (product: number) =>
    (byProduct.get(product) ?? []).map(({ day, fenPerTonne }) => ({ day, fenPerKg: fenPerTonne / 1_000 }));
  return new Map(
    [...byProduct].map(([product, [row]]) => {
      const series = { product, market: row?.market ?? '' };
      const grain = grainOf(series);
      const maize = grain && { points: pointsOf(grain.product), policy: pricePolicy(grain, policy) };
      return [product, judgePrices(series, pointsOf(product), pricePolicy(series, policy), maize)];
    }),
  );
}

const code = (key: string): number => findProductByKey(key)?.code ?? 0;
const spansOf = (judged: JudgedPrices | undefined) => judged?.cases.map(({ from, endedOn }) => [from, endedOn ?? null]);

describeWithSharedData('the national weekly series of 2016 to 2021', (dataDir) => {
  const [head = [], ...weeks] = readFileSync(
    path.join(dataDir, 'prices', 'china_weekly_livestock_2016_2021.csv'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  const names = head.slice(1);
  const rows = weeks.flatMap(([date, ...prices]) =>
    names.map((product, i): StatedRow => {
      const unit = product === '玉米' || product === '豆粕' ? '元/吨' : '元/公斤';
      return { product, market: '全国', unit, date, price: prices[i] };
    }),
  );
  const judged = judgeSheet(checkRows(rows, '2022-01-01'));
  const casesOf = (name: string): readonly PriceCase[] =>
    judged.get(findMarketProductByName(name)?.code ?? 0)?.cases ?? [];
  const page = readFileSync(new URL('../../../../docs/livestock-prices-2016-2021.md', import.meta.url), 'utf8');

  it('gives the shocks and signals that the page lists, and no others', () => {
    const lane = (name: string, found: PriceCase) =>
      pricePolicy({ product: findMarketProductByName(name)?.code ?? 0, market: '全国' }, policy).lane(
        found.had,
        found.level,
        found.endedOn ?? found.latestDay,
      );
    const lines = names.flatMap((name) =>
      casesOf(name).flatMap((found) => [
        `| **${name}** | **shock** | **${found.from}** | | **${found.endedOn ?? 'open'}** | **${LEVELS[found.level]}** | ${lane(name, found)} |`,
        ...found.had.map(
          ({ measure, from, openedOn, endedOn, level }) =>
            `| ${name} | ${MEASURES[measure]} | ${from} | ${openedOn} | ${endedOn ?? 'open'} | ${LEVELS[level]} | |`,
        ),
      ]),
    );
    const listed = page.split('\n').filter((line) => /^\| \*{0,2}(?:生猪|白条猪|玉米|豆粕|牛肉)/.test(line));
    expect(listed.map((line) => line.replaceAll(/\s+/g, ' '))).toEqual(
      lines.map((line) => line.replaceAll(/\s+/g, ' ')),
    );
  });

  it('marks no price of it as an outlier or after a gap', () => {
    for (const { marks } of judged.values()) expect(marks).toEqual([]);
  });
});

describeWithSharedData('the daily lists of a wholesale market in Beijing, 2013 to 2016', (dataDir) => {
  const sheet = (name: string): CheckedRows => {
    const bytes = readFileSync(path.join(dataDir, 'prices', `xinfadi_${name}_daily_a_2013_2016.csv`));
    return checkRows(rowsOfCsv(bytes, undefined, '新发地'), '2017-01-01');
  };
  it('show the green chilli and the cabbage of 2014 fall, and no fall of garlic that rose sixfold', () => {
    const checked = sheet('vegetable');
    expect([checked.accepted.length, checked.errors.map(({ value }) => value)]).toEqual([5_234, ['0', '0']]);
    const judged = judgeSheet(checked);
    // From 1.83 yuan per 斤 in the year before to 0.53 in August.
    expect(spansOf(judged.get(code('chilli')))).toEqual([
      ['2014-05-11', '2014-12-18'],
      ['2015-07-13', '2016-01-30'],
    ]);
    expect(judged.get(code('chilli'))?.cases[0]).toMatchObject({ level: 4, referenceFenPerKg: 366 });
    // In the glut of November 2014, 0.27 yuan per 斤.
    expect(spansOf(judged.get(code('chinese-cabbage')))).toEqual([
      ['2014-08-05', '2014-10-22'],
      ['2014-11-05', '2015-02-18'],
      ['2015-10-06', '2016-02-13'],
    ]);
    expect(spansOf(judged.get(code('garlic')))).toEqual([]);
    expect(spansOf(judged.get(code('tomato')))).toEqual([['2014-05-31', '2015-02-03']]);
    expect(spansOf(judged.get(code('potato')))).toEqual([['2014-05-28', '2015-01-07']]);
  });

  it('break off between two seasons of fruit, where nothing is claimed', () => {
    const checked = sheet('fruit');
    expect(checked.errors.every(({ field, value }) => field === 'price' && value === '0.00')).toBe(true);
    const judged = judgeSheet(checked);
    const gaps = (key: string) => judged.get(code(key))?.marks.flatMap((one) => (one.mark === 'gap' ? [one.day] : []));
    expect(gaps('chestnut')).toEqual(['2014-09-02', '2015-08-22']);
    expect(gaps('sugarcane')).toEqual(['2014-08-28', '2015-09-23']);
    expect([spansOf(judged.get(code('chestnut'))), spansOf(judged.get(code('sugarcane')))]).toEqual([[], []]);
    // 16 yuan per kilogram in the summer of 2014, six and a half in 2016.
    expect(spansOf(judged.get(code('lemon')))).toEqual([['2014-09-21', null]]);
  });

  it('are judged by weeks: every other day left out, the same months are found', () => {
    const checked = sheet('vegetable');
    const half = { ...checked, accepted: checked.accepted.filter((row) => Number(row.day.slice(8)) % 2 === 0) };
    const months = (sheetHalf: CheckedRows) =>
      judgeSheet(sheetHalf)
        .get(code('chilli'))
        ?.cases.map(({ from }) => from.slice(0, 7));
    expect(months(half)).toEqual(months(checked));
  });
});

describeWithSharedData('the monthly prices of Sichuan in 2013', (dataDir) => {
  const [head = [], ...months] = readFileSync(path.join(dataDir, 'prices', 'sichuan_pig_monthly_2013.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  const rows = months.flatMap((month) =>
    ['出栏肉猪', '玉米'].map((product): StatedRow => {
      const price = month[head.indexOf(`${product}_元每kg`)];
      return { product, market: '四川省', unit: '元/公斤', date: `${month[0] ?? ''}-15`, price };
    }),
  );

  it('have no gaps from month to month, and show 猪粮比价 under 6:1 from March on by the plan of 2012', () => {
    const judged = judgeSheet(checkRows(rows, '2014-01-01')).get(code('pig'));
    expect(judged?.marks.map(({ day }) => day)).toEqual(['2013-02-15']);
    const ratio = judged?.cases.flatMap(({ had }) => had.filter(({ measure }) => measure === 'pig-grain-ratio'));
    // Under 5:1 in May alone: one price, and one price makes no level.
    expect(ratio).toMatchObject([{ from: '2013-03-15', openedOn: '2013-04-15', endedOn: '2013-09-15', level: 2 }]);
  });
});
