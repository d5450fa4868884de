/** Kinds of department findings by their code in events: the key that policy names them by, the word that officers read, the cause. */
import { FindingKind } from './gen/fangpin/intake/v1/finding_pb.js';
import type { FindingCause } from './shock-kinds.js';

export interface KindOfFinding {
  readonly code: FindingKind;
  readonly key: string;
  readonly name: string;
  readonly cause: FindingCause;
  /**
   * What another finding of the kind is about: a state of the `person` or of the `home` (house, water) is the same one told again, an `event` of
   * another day is new.
   */
  readonly about: 'person' | 'home' | 'event';
}

const kind = (
  code: FindingKind,
  key: string,
  name: string,
  cause: FindingCause,
  about: KindOfFinding['about'],
): KindOfFinding => ({ code, key, name, cause, about });

export const findingKinds: readonly KindOfFinding[] = [
  kind(FindingKind.MEDICAL_SPENDING, 'medical-spending', '高额医疗费用', 'illness', 'person'),
  kind(FindingKind.ACCIDENT, 'accident', '意外事故', 'accident', 'event'),
  kind(FindingKind.DEATH_OF_EARNER, 'death-of-earner', '主要劳动力死亡', 'labour-lost', 'event'),
  kind(FindingKind.DISABILITY, 'disability', '新增重度残疾', 'disability', 'event'),
  kind(FindingKind.DROP_OUT, 'drop-out', '失学辍学', 'schooling', 'person'),
  kind(FindingKind.TUITION, 'tuition', '就学费用过高', 'schooling', 'person'),
  kind(FindingKind.UNSAFE_HOUSE, 'unsafe-house', '住房不安全', 'dwelling', 'home'),
  kind(FindingKind.WATER, 'water', '饮水不安全', 'water', 'home'),
  kind(FindingKind.CRIME, 'crime', '刑事案件受害', 'accident', 'event'),
];

const byCode = new Map(findingKinds.map((k) => [k.code, k]));
export const findFindingKind = (code: FindingKind): KindOfFinding | undefined => byCode.get(code);
