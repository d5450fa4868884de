import { JOINT_CAUSE, type Cause } from '@fangpin/contracts';

/** Causes as a villager says them (rulebook §5 has the officers' words). */
const words: Readonly<Record<string, string>> = {
  'crop-disaster': '庄稼受灾',
  'price-fall': '卖价下跌',
  'animal-disease': '牲畜得病',
  dwelling: '住房不安全',
  water: '饮水困难',
  'job-loss': '务工收入中断',
  'unsold-stock': '农产品卖不出去',
  illness: '看病花费大',
  accident: '意外事故',
  disability: '家人致残',
  'labour-lost': '失去主要劳动力',
  schooling: '孩子上学困难',
};

/** What an episode can be of. */
export const causes = [...Object.keys(words), JOINT_CAUSE] as Cause[];

export function causeWord(cause: Cause): string {
  return cause === JOINT_CAUSE ? '多种原因叠加' : (words[cause] ?? cause);
}
