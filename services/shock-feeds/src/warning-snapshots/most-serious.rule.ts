import type { ListedWarning } from './snapshot.js';

/** Officers act on the worst of what is in force; the rest only makes the choice the same in any order of the list. */
export function mostSerious(listed: readonly ListedWarning[]): ListedWarning {
  const [first, ...others] = listed;
  if (first === undefined) throw new RangeError('an identity of a list has at least one warning');
  return others.reduce((best, next) => (weigh(next, best) > 0 ? next : best), first);
}

function weigh(a: ListedWarning, b: ListedWarning): number {
  const ms = (at: Date | undefined): number => at?.getTime() ?? 0;
  if (a.level !== b.level) return a.level - b.level;
  if (ms(a.issued) !== ms(b.issued)) return ms(a.issued) - ms(b.issued);
  if (ms(a.expires) !== ms(b.expires)) return ms(a.expires) - ms(b.expires);
  if (a.token !== b.token) return a.token > b.token ? 1 : -1;
  return a.name > b.name ? 1 : -1;
}
