import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffSnapshots, type Counted } from './diff-snapshots.rule.js';

const warning = (identity: string, token = 'orange 10:00'): Counted => ({ identity, token });
const countsOf = (last: readonly Counted[], next: readonly Counted[]) => {
  const { appeared: _, stayed: __, gone: ___, ...counts } = diffSnapshots(last, next);
  return counts;
};
const list = fc.array(
  fc.record({ identity: fc.constantFrom('a', 'b', 'c', 'd'), token: fc.constantFrom('red', 'orange', 'yellow') }),
  { maxLength: 12 },
);

describe('the difference between two lists', () => {
  it('tells new, kept, replaced and ended apart', () => {
    const last = [warning('rain'), warning('hail'), warning('gale')];
    const next = [warning('rain'), warning('hail', 'red 11:00'), warning('fog')];
    expect(diffSnapshots(last, next)).toEqual({
      new: 1,
      kept: 1,
      replaced: 1,
      ended: 1,
      appeared: ['fog'],
      stayed: ['rain', 'hail'],
      gone: ['gale'],
    });
  });

  it('sets a second warning of the same county and type beside the first, and takes it away again', () => {
    const one = [warning('rain')];
    const two = [warning('rain'), warning('rain', 'red 10:30')];
    expect(countsOf(one, two)).toEqual({ new: 1, kept: 1, replaced: 0, ended: 0 });
    expect(countsOf(two, one)).toEqual({ new: 0, kept: 1, replaced: 0, ended: 1 });
    expect(countsOf(two, [warning('rain', 'red 11:00')])).toEqual({ new: 0, kept: 0, replaced: 1, ended: 1 });
  });

  it('adds up to both lists, whatever they hold', () => {
    fc.assert(
      fc.property(list, list, (last, next) => {
        const diff = diffSnapshots(last, next);
        expect(diff.new + diff.kept + diff.replaced).toBe(next.length);
        expect(diff.ended + diff.kept + diff.replaced).toBe(last.length);
        expect(new Set([...diff.appeared, ...diff.stayed])).toEqual(new Set(next.map(({ identity }) => identity)));
        expect(new Set([...diff.gone, ...diff.stayed])).toEqual(new Set(last.map(({ identity }) => identity)));
      }),
    );
  });

  it('does not depend on the order of either list', () => {
    fc.assert(
      fc.property(list, list, (last, next) => {
        expect(countsOf(last.toReversed(), next.toReversed())).toEqual(countsOf(last, next));
      }),
    );
  });

  it('finds everything kept in a list that has not changed', () => {
    fc.assert(
      fc.property(list, (same) => {
        expect(countsOf(same, same)).toEqual({ new: 0, kept: same.length, replaced: 0, ended: 0 });
      }),
    );
  });
});
