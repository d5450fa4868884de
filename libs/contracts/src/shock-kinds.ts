/** Kinds of shocks, with the Chinese word that officers read, and the cause (致险原因) that they are to a household. */
export type ShockCause =
  'crop-disaster' | 'price-fall' | 'dwelling' | 'water' | 'job-loss' | 'unsold-stock' | 'animal-disease';
/** Causes that departments find (rulebook §5). */
export type FindingCause = 'illness' | 'accident' | 'disability' | 'labour-lost' | 'schooling' | 'dwelling' | 'water';
/** No trouble of its own: what all causes of one household are together (docs/adr/0034). */
export const JOINT_CAUSE = 'several';
export type Cause = ShockCause | FindingCause | typeof JOINT_CAUSE;

export interface ShockKind {
  readonly kind: string;
  readonly name: string;
  readonly family: 'nature' | 'market' | 'supply' | 'health';
}

const kind = (k: string, name: string, family: ShockKind['family']): ShockKind => ({ kind: k, name, family });

export const shockKinds: readonly ShockKind[] = [
  kind('rainstorm', '暴雨', 'nature'),
  kind('flood', '洪涝', 'nature'),
  kind('flash-flood', '山洪', 'nature'),
  kind('hail', '冰雹', 'nature'),
  kind('thunderstorm', '雷电', 'nature'),
  kind('gale', '大风', 'nature'),
  kind('thunderstorm-gale', '雷雨大风', 'nature'),
  kind('typhoon', '台风', 'nature'),
  kind('drought', '干旱', 'nature'),
  kind('heat', '高温', 'nature'),
  kind('cold-wave', '寒潮', 'nature'),
  kind('snowstorm', '暴雪', 'nature'),
  kind('frost', '霜冻', 'nature'),
  kind('fog', '大雾', 'nature'),
  kind('haze', '霾', 'nature'),
  kind('icy-road', '道路结冰', 'nature'),
  kind('sandstorm', '沙尘暴', 'nature'),
  kind('geological', '地质灾害', 'nature'),
  kind('earthquake', '地震', 'nature'),
  kind('forest-fire', '森林火险', 'nature'),
  kind('other', '其他', 'nature'),
  kind('price-fall', '价格下跌', 'market'),
  kind('unsold-stock', '滞销', 'market'),
  kind('lay-off', '裁员', 'market'),
  kind('water-cut', '停水', 'supply'),
  // Animal diseases: of the family of public health in GB/T 35561-2017.
  kind('african-swine-fever', '非洲猪瘟', 'health'),
  kind('foot-and-mouth', '口蹄疫', 'health'),
  kind('bird-flu', '高致病性禽流感', 'health'),
  kind('peste-des-petits-ruminants', '小反刍兽疫', 'health'),
  kind('lumpy-skin-disease', '牛结节性皮肤病', 'health'),
  kind('animal-disease', '动物疫病', 'health'),
];

const byKind = new Map(shockKinds.map((k) => [k.kind, k]));
const byName = new Map(shockKinds.map((k) => [k.name, k]));
export const findShockKind = (k: string): ShockKind | undefined => byKind.get(k);
export const findShockKindByName = (name: string): ShockKind | undefined => byName.get(name);

export const levelNames = { 1: '蓝色', 2: '黄色', 3: '橙色', 4: '红色' } as const;
export const levelKeys = { 1: 'blue', 2: 'yellow', 3: 'orange', 4: 'red' } as const;
export type Level = 1 | 2 | 3 | 4;
export type LevelKey = (typeof levelKeys)[Level];
