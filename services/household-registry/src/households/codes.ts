/**
 * Words of the API and the numbers that tables and events hold for them. The first four follow the enums of
 * proto/fangpin/registry/v1; a number is fixed once given.
 */
export interface CodeTable<W extends string> {
  readonly words: readonly W[];
  toCode(word: W): number;
  toWord(code: number): W;
}

function codeTable<const T extends Readonly<Record<string, number>>>(table: T): CodeTable<keyof T & string> {
  type Word = keyof T & string;
  const words = Object.keys(table) as Word[];
  const byCode = new Map(words.map((word) => [table[word] as number, word]));
  return {
    words,
    toCode: (word) => table[word] as number,
    toWord: (code) => {
      const word = byCode.get(code);
      if (word === undefined) throw new RangeError(`no word for code ${code}`);
      return word;
    },
  };
}

/** Active, moved out of the area (迁出), dissolved (自然减少: no member is left). */
export const householdStates = codeTable({ active: 1, 'moved-out': 2, dissolved: 3 });
/** 一般农户, 脱贫户. */
export const householdGroups = codeTable({ ordinary: 1, 'lifted-out': 2 });
/** Not a 监测对象, one with an open risk, one whose risk is removed (风险消除). */
export const monitoringStates = codeTable({ none: 1, monitored: 2, removed: 3 });
/** 危房等级; `unknown` until somebody has looked. */
export const dwellingGrades = codeTable({ unknown: 0, A: 1, B: 2, C: 3, D: 4 });

export const sexes = codeTable({ male: 1, female: 2 });
/** 100A14 劳动技能: 普通劳动力, 技能劳动力, 弱劳动力或半劳动力, 丧失劳动力, 无劳动力 (rulebook §9.2). */
export const labourAbilities = codeTable({ ordinary: 1, skilled: 2, weak: 3, lost: 4, none: 5 });
/** 100A12 在校生状况, its years folded into stages; `none` for those who are at no school. */
export const schoolings = codeTable({
  none: 0,
  kindergarten: 1,
  primary: 2,
  'junior-high': 3,
  'senior-high': 4,
  vocational: 5,
  'junior-college': 6,
  bachelor: 7,
  postgraduate: 8,
});
/** 与户主关系, table 1010: 01 self … 99 other; exactly one head a household. */
export const relations = codeTable({
  head: 1,
  spouse: 10,
  son: 20,
  daughter: 30,
  grandchild: 40,
  parent: 50,
  grandparent: 60,
  sibling: 70,
  other: 99,
});

type WordOf<T> = T extends CodeTable<infer W> ? W : never;
export type HouseholdState = WordOf<typeof householdStates>;
export type HouseholdGroup = WordOf<typeof householdGroups>;
export type MonitoringState = WordOf<typeof monitoringStates>;
export type DwellingGrade = WordOf<typeof dwellingGrades>;
export type Sex = WordOf<typeof sexes>;
export type LabourAbility = WordOf<typeof labourAbilities>;
export type Schooling = WordOf<typeof schoolings>;
export type Relation = WordOf<typeof relations>;

/** Those who can work: 普通, 技能 and 弱劳动力; 丧失 and 无劳动力 cannot. */
export function canWork(labour: LabourAbility): boolean {
  return labour === 'ordinary' || labour === 'skilled' || labour === 'weak';
}
