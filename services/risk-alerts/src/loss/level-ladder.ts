/** Levels 0 (none), 1 blue … 4 red, and the ladders of policy that lead to them. */
import type { LevelName } from '@fangpin/policy';

export const RED = 4;

const LEVELS: readonly (readonly [LevelName, number])[] = [
  ['red', RED],
  ['orange', 3],
  ['yellow', 2],
  ['blue', 1],
];

/** The highest level whose value is reached; 0 for none. */
export function levelFrom(value: number, from: Readonly<Record<LevelName, number>>): number {
  return levelWhere((level) => value >= from[level]);
}

export function levelWhere(holds: (level: LevelName) => boolean): number {
  for (const [name, level] of LEVELS) if (holds(name)) return level;
  return 0;
}
