import { describe, expect, it } from '@jest/globals';
import { findMarketProduct, findMarketProductByName, marketGoods } from './market-products.js';
import { products } from './products.js';

const codeOf = (name: string): number | undefined => findMarketProductByName(name)?.code;

describe('a product on a market sheet', () => {
  it('is known by any name that sheets give it', () => {
    for (const name of ['生猪', '毛猪', '活猪', '外三元', '生猪（外三元）', ' 生 猪 ', 'pig'])
      expect(codeOf(name)).toBe(100);
    expect(['土豆', '大白菜', '西红柿', '尖椒', '油栗', '熟象牙芒果'].map(codeOf)).toEqual([4, 17, 19, 16, 21, 9]);
    expect(['白条猪', '豆粕', '牛肉', 'beef'].map(codeOf)).toEqual([300, 301, 302, 302]);
  });

  it('is none where no sheet would mean a good of the land', () => {
    for (const name of ['', '建筑', 'construction', '独角兽', 'constructor', '__proto__'])
      expect(codeOf(name)).toBeUndefined();
    expect(findMarketProduct(200)).toBeUndefined();
  });

  it('has one code, one key and one name', () => {
    const all = [...products, ...marketGoods];
    for (const member of ['code', 'key', 'name'] as const)
      expect(new Set(all.map((one) => one[member])).size).toBe(all.length);
    for (const { code } of marketGoods) expect(findMarketProduct(code)?.kind).toBe('goods');
  });
});
