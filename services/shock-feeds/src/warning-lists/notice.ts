/** A notice as it came in, and the warnings that it was read to hold. Nothing is judged here. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { Problem } from '../cap/cap-message.js';

/** An entry of a list, or a text. Texts are empty where it has none. */
export interface Notice {
  readonly id: string;
  readonly issuer: string;
  /** Division code of the issuing office, as written. */
  readonly adcode?: string;
  readonly title: string;
  readonly text: string;
  /** As the feed states it beside the words. */
  readonly issued?: Date;
  /** By the picture of the list, where the words say nothing. */
  readonly pictured?: { readonly kind?: string; readonly level: number };
}

export interface ReadWarning {
  readonly type: 'alert' | 'update' | 'lift';
  /** Absent where no word is known. */
  readonly kind?: string;
  /** 0 where none is stated. */
  readonly level: number;
  readonly office: string;
  /** Absent where neither words nor code tell. */
  readonly issuer?: RegionCode;
  /** Absent where no time can be told. */
  readonly sent?: Date;
  /** Part of the time was assumed, so that it names no warning. */
  readonly sentAssumed: boolean;
  /** Of a lift: when the warning that it ends was issued; absent where it does not say. */
  readonly liftedIssue?: Date;
  /** Where it holds: the areas named, else the issuer's. Empty where neither is known. */
  readonly regions: readonly RegionCode[];
  readonly onset?: Date;
  /** Absent where no end is stated by the clock. */
  readonly expires?: Date;
  readonly headline: string;
  readonly problems: readonly Problem[];
}
