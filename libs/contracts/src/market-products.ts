/**
 * What markets quote: the crops and animals of products.ts, and goods that no household raises (feed, meat), codes 300–399,
 * fixed once given. Sheets of markets name one thing in many ways; all names of a product stand here.
 */
import { findProduct, findProductByKey, findProductByName } from './products.js';

export interface MarketProduct {
  readonly code: number;
  readonly key: string;
  readonly name: string;
  readonly kind: 'crop' | 'animal' | 'goods';
}

const goods = (code: number, key: string, name: string): MarketProduct => ({ code, key, name, kind: 'goods' });

/** Loss models know none of them: their prices are judged and recorded, and endanger no household. */
export const marketGoods: readonly MarketProduct[] = [
  goods(300, 'pork-carcass', '白条猪'),
  goods(301, 'soybean-meal', '豆粕'),
  goods(302, 'beef', '牛肉'),
  goods(303, 'mutton', '羊肉'),
  goods(304, 'piglet', '仔猪'),
];

/** Names on sheets by the key of their product, without the name that the product itself bears. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  rice: ['稻谷', '稻子', '早籼稻', '中晚籼稻', '粳稻'],
  maize: ['苞谷', '包谷', '玉米(二等)', '黄玉米', '二等玉米'],
  wheat: ['麦子', '白麦'],
  potato: ['土豆', '洋芋', '洋山芋', '黄心土豆'],
  tobacco: ['烟叶'],
  rapeseed: ['油菜籽', '菜籽', '菜子'],
  walnut: ['核桃(干)', '干核桃', '泡核桃'],
  mango: [
    '凯特芒果',
    '象牙芒果',
    '熟象牙芒果',
    '台农芒果',
    '小台农芒果',
    '台农小芒果',
    '熟台农小芒果',
    '贵妃芒果',
    '金煌芒果',
  ],
  tea: ['茶', '毛茶'],
  coffee: ['咖啡豆', '咖啡生豆'],
  sugarcane: ['糖料蔗', '黑皮甘蔗', '果蔗'],
  mulberry: ['蚕茧', '桑蚕茧', '鲜茧'],
  panax: ['田七'],
  coix: ['薏米', '薏苡', '薏苡仁'],
  chilli: ['尖椒', '青椒', '青尖椒', '绿尖椒', '小米椒', '线椒'],
  'chinese-cabbage': ['白菜', '黄心白菜'],
  garlic: ['蒜头', '蒜', '干蒜', '大蒜头'],
  tomato: ['西红柿', '大西红柿'],
  lemon: ['黄柠檬', '尤力克柠檬'],
  chestnut: ['油栗', '栗子', '油板栗'],
  pig: [
    '毛猪',
    '活猪',
    '肥猪',
    '育肥猪',
    '出栏肉猪',
    '外三元',
    '外三元猪',
    '外三元生猪',
    '内三元',
    '内三元猪',
    '内三元生猪',
    '生猪(外三元)',
    '生猪(内三元)',
    '生猪(瘦肉型)',
    '瘦肉型生猪',
  ],
  'beef-cattle': ['活牛', '育肥牛', '黄牛'],
  goat: ['活羊', '黑山羊', '肉羊'],
  poultry: ['活鸡', '肉鸡', '土鸡'],
  'pork-carcass': ['白条肉', '白条猪肉', '猪白条', '生猪白条'],
  'soybean-meal': ['豆饼粕', '大豆粕'],
  beef: ['鲜牛肉', '去骨牛肉'],
  mutton: ['鲜羊肉', '带骨羊肉'],
  piglet: ['猪仔', '小猪', '三元仔猪'],
};

const goodsByCode = new Map(marketGoods.map((g) => [g.code, g]));
const goodsByName = new Map(marketGoods.flatMap((g) => [[g.name, g] as const, [g.key, g] as const]));
const keyByAlias = new Map(
  Object.entries(ALIASES).flatMap(([key, names]) => names.map((name) => [name, key] as const)),
);

/** A product of markets by its code; none for branches of work. */
export function findMarketProduct(code: number): MarketProduct | undefined {
  return marketOnly(findProduct(code)) ?? goodsByCode.get(code);
}

/** A product by its Chinese name, its key or any name that sheets give it; brackets may be full width, blanks are ignored. */
export function findMarketProductByName(name: string): MarketProduct | undefined {
  const text = name.replaceAll(/\s/g, '').replaceAll('（', '(').replaceAll('）', ')');
  const plain = (word: string): MarketProduct | undefined =>
    marketOnly(findProductByName(word) ?? findProductByKey(word)) ?? goodsByName.get(word);
  return plain(text) ?? plain(keyByAlias.get(text) ?? '');
}

function marketOnly(product: ReturnType<typeof findProduct>): MarketProduct | undefined {
  if (product === undefined || product.kind === 'job') return undefined;
  return { ...product, kind: product.kind };
}
