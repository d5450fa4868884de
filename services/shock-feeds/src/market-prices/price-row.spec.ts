import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidFields } from '@fangpin/domain-kit';
import { fenPerKg, findPriceUnit } from './price-unit.js';
import { checkRows, type StatedRow } from './price-row.js';
import { rowsOfCsv, rowsOfJson } from './read-price-sheet.js';

const good = { product: '生猪', market: '全国', unit: '元/公斤', date: '2021-10-10', price: '10.93' };
const TODAY = '2026-07-18';
const price = (text: string, unit: string): number | undefined => {
  const found = findPriceUnit(unit);
  return found === undefined ? undefined : fenPerKg(text, found);
};

describe('a price on a sheet', () => {
  it('becomes fen per kilogram, exactly, whatever the unit', () => {
    expect(price('10.93', '元/公斤')).toBe(1_093);
    expect(price('10.93', '元/千克')).toBe(1_093);
    expect(price('5.465', '元/斤')).toBe(1_093);
    expect(price('2463.8571', '元/吨')).toBe(246);
    expect(price('36.3686', 'yuan/kg')).toBe(3_637);
    expect(price('1.2', '元 / 500克')).toBe(240);
    // A Chinese sheet that says 斤 alone means 元/斤.
    expect(price('0.27', '斤')).toBe(54);
  });

  it('is rounded half up', () => {
    expect(price('0.125', '元/公斤')).toBe(13);
    expect(price('0.12499', '元/公斤')).toBe(12);
  });

  it('is none in a currency or a measure that says nothing of weight', () => {
    for (const unit of ['US$/kg', '元/头', 'kg', '', '元', '元/constructor', '包'])
      expect(price('1', unit)).toBeUndefined();
  });

  it('never leaves the integers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), (fen) => {
        expect(price((fen / 100).toFixed(2), '元/公斤')).toBe(fen);
      }),
    );
  });
});

describe('the rows of a sheet', () => {
  it('are rejected one by one, each with its field, value and rule', () => {
    const rows: StatedRow[] = [
      good,
      { ...good, date: '2021-02-30' },
      { ...good, date: '2026-07-19' },
      { ...good, price: '-3' },
      { ...good, price: 0 },
      { ...good, price: 'n/a', unit: '元/头' },
      { ...good, product: '独角兽' },
      { ...good, market: '' },
      {},
    ];
    const { accepted, errors } = checkRows(rows, TODAY);
    expect(accepted).toEqual([
      {
        product: 100,
        market: '全国',
        day: '2021-10-10',
        fenPerTonne: 1_093_000,
        priceStated: '10.93',
        unitStated: '元/公斤',
      },
    ]);
    expect(errors.slice(0, 7)).toEqual([
      { row: 2, field: 'date', value: '2021-02-30', rule: 'must be a day as YYYY-MM-DD' },
      { row: 3, field: 'date', value: '2026-07-19', rule: 'must not lie in the future' },
      { row: 4, field: 'price', value: '-3', rule: expect.stringContaining('decimal above 0') },
      { row: 5, field: 'price', value: 0, rule: expect.stringContaining('decimal above 0') },
      { row: 6, field: 'unit', value: '元/头', rule: expect.stringContaining('元/公斤') },
      { row: 6, field: 'price', value: 'n/a', rule: expect.stringContaining('decimal above 0') },
      { row: 7, field: 'product', value: '独角兽', rule: 'unknown product' },
    ]);
    expect(errors.filter(({ row }) => row === 9).map(({ field }) => field)).toEqual([
      'product',
      'market',
      'unit',
      'date',
      'price',
    ]);
  });

  it('are read whatever junk stands in them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom('product', 'market', 'unit', 'date', 'price'), fc.anything())),
        (rows) => {
          const { accepted, errors } = checkRows(rows as StatedRow[], TODAY);
          expect(new Set(errors.map(({ row }) => row)).size + accepted.length).toBe(rows.length);
        },
      ),
    );
  });

  it('come from CSV with columns in any order, with a mark in front and columns nobody knows', () => {
    const text = '\ufeffdate,note,price,unit,market,product\r\n2021-10-10,"a, b",10.93,元/公斤,全国,生猪\r\n';
    expect(rowsOfCsv(Buffer.from(text))).toEqual([good]);
  });

  it('come from a list of a wholesale market as it is, the market named beside it', () => {
    const list = '品名,最低价,平均价,最高价,规格,单位,发布日期\n土豆,0.8,1.05,1.3,普通,斤,2013/6/10\n';
    const rows = rowsOfCsv(Buffer.from(list), undefined, '新发地');
    expect(rows).toEqual([{ product: '土豆', market: '新发地', unit: '斤', date: '2013/6/10', price: '1.05' }]);
    expect(checkRows(rows, TODAY).accepted).toMatchObject([
      { product: 4, market: '新发地', day: '2013-06-10', fenPerTonne: 210_000 },
    ]);
    expect(rowsOfJson({ rows: [{ 品名: '土豆', 单位: '斤', 日期: '2013-06-10', 价格: 1.05 }] }, '新发地')).toEqual([
      { product: '土豆', market: '新发地', unit: '斤', date: '2013-06-10', price: 1.05 },
    ]);
    expect(() => rowsOfCsv(Buffer.from(list))).toThrow('header.market column is missing');
  });

  it('name the columns that the header lacks', () => {
    expect(() => rowsOfCsv(Buffer.from('product,market,price\n生猪,全国,1\n'))).toThrow(
      'header.unit column is missing; header.date column is missing',
    );
  });

  it('are refused as a whole where they are no rows at all', () => {
    for (const bytes of [
      Buffer.from(''),
      Buffer.from('product,market,unit,date,price\n'),
      Buffer.from([0xff, 0xfe, 0xfd]),
    ])
      expect(() => rowsOfCsv(bytes)).toThrow(InvalidFields);
    for (const body of [null, [], {}, { rows: 'x' }, { rows: [] }])
      expect(() => rowsOfJson(body)).toThrow(InvalidFields);
  });
});
