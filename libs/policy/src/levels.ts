/** The colour ladder of warnings and of severity: 蓝 < 黄 < 橙 < 红 (rulebook §13.1); 0 where no level is stated. */
export type Level = 1 | 2 | 3 | 4;
export type LevelName = 'blue' | 'yellow' | 'orange' | 'red';
export type LevelNameOrUnknown = LevelName | 'unknown';

const NAMES: readonly LevelNameOrUnknown[] = ['unknown', 'blue', 'yellow', 'orange', 'red'];

/** The key under which policy tables hold a level; anything outside 1–4 is `unknown`. */
export function levelName(level: number): LevelNameOrUnknown {
  return NAMES[level] ?? 'unknown';
}
