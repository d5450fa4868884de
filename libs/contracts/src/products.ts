/**
 * Products of farms, by their code in events and their Chinese name on market sheets and in texts. Codes are fixed once
 * given: 1–99 crops, 100–199 animals. Jobs carry the branch of the workplace, 200–299. What no household raises (feed, meat)
 * has its codes in market-products.ts, from 300.
 */
export type ProductKind = 'crop' | 'animal' | 'job';
/** What a product is counted by when it is told of. */
export type ProductUnit = '亩' | '头' | '只' | '人';

export interface Product {
  readonly code: number;
  readonly key: string;
  readonly name: string;
  readonly kind: ProductKind;
  readonly unit: ProductUnit;
}

const UNITS: Readonly<Record<ProductKind, ProductUnit>> = { crop: '亩', animal: '头', job: '人' };

const product = (code: number, key: string, name: string, kind: ProductKind, unit = UNITS[kind]): Product => ({
  code,
  key,
  name,
  kind,
  unit,
});

export const products: readonly Product[] = [
  product(1, 'rice', '水稻', 'crop'),
  product(2, 'maize', '玉米', 'crop'),
  product(3, 'wheat', '小麦', 'crop'),
  product(4, 'potato', '马铃薯', 'crop'),
  product(5, 'vegetables', '蔬菜', 'crop'),
  product(6, 'tobacco', '烤烟', 'crop'),
  product(7, 'rapeseed', '油菜', 'crop'),
  product(8, 'walnut', '核桃', 'crop'),
  product(9, 'mango', '芒果', 'crop'),
  product(10, 'tea', '茶叶', 'crop'),
  product(11, 'coffee', '咖啡', 'crop'),
  product(12, 'sugarcane', '甘蔗', 'crop'),
  product(13, 'mulberry', '蚕桑', 'crop'),
  product(14, 'panax', '三七', 'crop'),
  product(15, 'coix', '薏仁', 'crop'),
  product(16, 'chilli', '辣椒', 'crop'),
  product(17, 'chinese-cabbage', '大白菜', 'crop'),
  product(18, 'garlic', '大蒜', 'crop'),
  product(19, 'tomato', '番茄', 'crop'),
  product(20, 'lemon', '柠檬', 'crop'),
  product(21, 'chestnut', '板栗', 'crop'),
  product(100, 'pig', '生猪', 'animal'),
  product(101, 'beef-cattle', '肉牛', 'animal'),
  product(102, 'goat', '山羊', 'animal', '只'),
  product(103, 'poultry', '家禽', 'animal', '只'),
  product(200, 'construction', '建筑', 'job'),
  product(201, 'manufacturing', '制造', 'job'),
  product(202, 'services', '服务', 'job'),
  product(203, 'farm-work', '农业务工', 'job'),
];

const byCode = new Map(products.map((p) => [p.code, p]));
const byName = new Map(products.map((p) => [p.name, p]));
const byKey = new Map(products.map((p) => [p.key, p]));

export const findProduct = (code: number): Product | undefined => byCode.get(code);
export const findProductByName = (name: string): Product | undefined => byName.get(name);
export const findProductByKey = (key: string): Product | undefined => byKey.get(key);
