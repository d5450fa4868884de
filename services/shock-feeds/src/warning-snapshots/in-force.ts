/** What is remembered of a county and type between two lists. */
export interface InForce {
  readonly code: string;
  readonly type: string;
  /** Of the warning that stands: the most serious, where a list has several. */
  readonly colour: string;
  readonly level: number;
  readonly name: string;
  readonly issued: Date;
  /** As the list states it; null where it states none. */
  readonly stated: Date | null;
  readonly expires: Date;
  /** Every warning of the county and type in the last list, by colour and time of issue. */
  readonly tokens: readonly string[];
  /** Identity of the chain of statements, and when the first warning of it was issued; null for what cannot be read. */
  readonly root: string | null;
  readonly onset: Date;
  /** Time of the last statement, which the next must come after, and of the list that it was judged by. */
  readonly lastSent: Date;
  readonly judgedAt: Date;
  /** Nothing that was said of the episode was news at its receipt. */
  readonly recorded: boolean;
  /** Time of the first list without it; null while it is in force. */
  readonly goneAt: Date | null;
}
