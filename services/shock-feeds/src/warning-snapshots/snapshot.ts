/** A list of all warnings in force, as a relay gives it. Nothing is judged here. */
import type { Problem } from '../cap/cap-message.js';

/** One member of a list. Texts are without control characters and at most a key long. */
export interface ListedWarning {
  /** The code under which it stands, as it was sent: also one that no list of divisions has. */
  readonly code: string;
  /** The words for its kind; of a member that cannot be read, a name made of its content. */
  readonly type: string;
  /** False where nothing but its place in the list is known: it counts and is kept as sent, and is no shock. */
  readonly readable: boolean;
  readonly colour: string;
  /** 1 (blue) to 4 (red), 0 where neither colour nor numeral is known. */
  readonly level: number;
  /** Absent where the list has no time, or none that can be read. */
  readonly issued?: Date;
  readonly expires?: Date;
  readonly name: string;
  /** Colour and time of issue: what makes the same warning the same. */
  readonly token: string;
}

export interface Snapshot {
  /** The moment of which the list speaks. */
  readonly updated: Date;
  readonly warnings: readonly ListedWarning[];
  readonly problems: readonly Problem[];
  /** Of all that is read, in one order whatever the order of the list. */
  readonly digest: Buffer;
}

/** County code and type as one key; neither holds a line break. */
export function identityOf({ code, type }: Pick<ListedWarning, 'code' | 'type'>): string {
  return `${code}\n${type}`;
}
