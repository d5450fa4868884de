/**
 * Which kind of shock a warning speaks of: by its words first, because codes in real feeds are shifted now and then
 * (rulebook §13.3), by its national event type code where no word is known.
 */
import type { NamedValue, Problem } from './cap-message.js';

/** National event types seen in use (rulebook §13.3); the full table was not found. */
const KIND_BY_CODE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '11B01': 'typhoon',
    '11B03': 'rainstorm',
    '11B04': 'snowstorm',
    '11B05': 'cold-wave',
    '11B06': 'gale',
    '11B07': 'sandstorm',
    '11B09': 'heat',
    '11B14': 'thunderstorm',
    '11B15': 'hail',
    '11B16': 'frost',
    '11B17': 'fog',
    '11B19': 'haze',
    '11B20': 'thunderstorm-gale',
    '11B21': 'icy-road',
    '11B22': 'drought',
  }),
);

/** The first that fits wins, so the narrower word stands before the wider: 山洪 before 洪, 雷雨大风 before 大风. */
const KIND_BY_WORDS: readonly (readonly [RegExp, string])[] = [
  [/山洪|flash[ -]?flood/i, 'flash-flood'],
  [/地质灾害|滑坡|泥石流|崩塌|落石|landslide|mudslide|debris flow|falling rock|rock ?fall/i, 'geological'],
  [/地震|earthquake|seismic/i, 'earthquake'],
  [/雷[雨暴]大风|雷雨强风|thunderstorm (?:gale|wind)|thundery gale/i, 'thunderstorm-gale'],
  [/暴雪|大雪|雪灾|blizzard|snow/i, 'snowstorm'],
  [/冰雹|\bhail/i, 'hail'],
  [/台风|热带气旋|热带风暴|typhoon|hurricane|tropical (?:storm|cyclone)|cicl[oó]n tropical/i, 'typhoon'],
  [/暴雨|豪雨|强降[雨水]|rain ?storm|heavy rain|torrential|downpour/i, 'rainstorm'],
  [/洪水|洪涝|渍涝|内涝|汛|flood/i, 'flood'],
  [/雷电|雷暴|雷雨|thunder|lightning/i, 'thunderstorm'],
  [/道路结冰|道路冰雪|冰冻|icy roads?|road icing|black ice/i, 'icy-road'],
  [/霜冻|低温冻害|\bfrost|\bfreez/i, 'frost'],
  [/寒潮|强冷空气|寒冷|降温|cold (?:wave|spell|snap)|cold surge/i, 'cold-wave'],
  [/沙尘|沙暴|sand ?storm|dust ?storm/i, 'sandstorm'],
  [/高温|热浪|干热风|high temperature|extreme heat|\bheat/i, 'heat'],
  [/干旱|旱灾|旱情|drought/i, 'drought'],
  [
    /(?:森林|草原)(?:[（(][^）)]{1,6}[）)])?火[险灾]|forest fire|wild ?fire|bush ?fire|grass fire|fire weather/i,
    'forest-fire',
  ],
  [/大雾|浓雾|\bfog/i, 'fog'],
  [/霾|\bhaze/i, 'haze'],
  [/大风|强风|烈风|季候?风|\bgale|\bwind/i, 'gale'],
  // The wide words come last: what they bring (雷电, 冰雹, 大风) is named beside them where it is known.
  [/强对流|下击暴流|飑线|龙卷|severe convection|tornado/i, 'thunderstorm-gale'],
  [/低温|严寒|low temperature/i, 'cold-wave'],
  [/凝冻|积冰/, 'icy-road'],
];

/** Warnings of Hong Kong, Macao and Taiwan are written in traditional characters; these stand in names of events. */
const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  '風风 強强 熱热 災灾 質质 凍冻 結结 霧雾 塵尘 險险 陣阵 電电 颱台 澇涝 乾干'
    .split(' ')
    .map(([traditional = '', simplified = '']) => [traditional, simplified]),
);
const TRADITIONAL = new RegExp(`[${[...SIMPLIFIED.keys()].join('')}]`, 'g');

export interface EventKind {
  /** A kind of libs/contracts; `other` where neither word nor code is known. */
  readonly kind: string;
  readonly problems: readonly Problem[];
}

/** `texts` in the order of trust: the event's name, then the headline. */
export function eventKind(texts: readonly string[], codes: readonly NamedValue[]): EventKind {
  const byWords = texts.map(kindByWords).find((kind) => kind !== undefined);
  const code = codes.map(({ value }) => value.toUpperCase()).find((value) => KIND_BY_CODE.has(value));
  const byCode = code === undefined ? undefined : KIND_BY_CODE.get(code);
  if (byWords === undefined && byCode === undefined)
    return { kind: 'other', problems: [{ code: 'EVENT.UNKNOWN', text: '灾种未识别，按“其他”记录' }] };
  if (byWords !== undefined && byCode !== undefined && byWords !== byCode)
    return {
      kind: byWords,
      problems: [{ code: 'EVENT.CODE_DIFFERS', text: `事件代码${code}与文字不符，以文字为准` }],
    };
  return { kind: byWords ?? (byCode as string), problems: [] };
}

/** The kind that a text names, or `undefined`. */
export function kindByWords(text: string): string | undefined {
  const plain = text.replaceAll(TRADITIONAL, (character) => SIMPLIFIED.get(character) ?? character);
  return KIND_BY_WORDS.find(([words]) => words.test(plain))?.[1];
}
