import type { KindOfFinding } from '@fangpin/contracts';

/** A department as policy knows it on a day. */
export interface Department {
  readonly key: string;
  /** 医保, 教育 … */
  readonly name: string;
  readonly kinds: readonly KindOfFinding[];
  /** Today in Asia/Shanghai, and the earliest day that a finding may be of. */
  readonly today: string;
  readonly oldestDay: string;
  /** Most days that amounts may be summed up over, both ends counted. */
  readonly longestSpending: number;
}
