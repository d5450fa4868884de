import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '@fangpin/policy';
import fc from 'fast-check';
import { foldChain, type Statement } from '../shocks/chain.rule.js';
import { followGone, followListed, type Said } from './follow-warnings.rule.js';
import type { InForce } from './in-force.js';
import type { ListedWarning } from './snapshot.js';

const policy = loadPolicy();
const START = Date.parse('2026-07-18T00:00:00Z');
const MINUTE = 60_000;
const at = (minute: number): Date => new Date(START + minute * MINUTE);
/** As received at once, unless the story is told long after. */
const context = (minute: number, receivedAt = at(minute)) => ({
  feed: 'default',
  policy,
  updated: at(minute),
  receivedAt,
  replayed: false,
});
const rain = (issued: number, expires: number | undefined, level = 4): ListedWarning => {
  const colour = ['', '蓝色', '黄色', '橙色', '红色'][level] ?? '';
  return {
    code: '532327',
    type: '暴雨',
    readable: true,
    colour,
    level,
    issued: at(issued),
    ...(expires === undefined ? {} : { expires: at(expires) }),
    name: '永仁县',
    token: `${colour} ${issued}`,
  };
};

type List = readonly ListedWarning[];

/** What is said of one county and type while lists come at these minutes. */
function tell(lists: readonly (readonly [minute: number, list: List])[], receivedAt?: Date): Said[] {
  let row: InForce | undefined;
  return lists.flatMap(([minute, list]) => {
    const now = context(minute, receivedAt ?? at(minute));
    const before = row;
    const followed =
      list.length > 0 ? followListed(list, before, now) : before?.goneAt === null ? followGone(before, now) : undefined;
    row = followed?.next ?? before;
    return followed?.said ?? [];
  });
}
const statementsOf = (said: readonly Said[]): Statement[] =>
  said.map(({ statement, expires }) => ({ ...statement, endsDueAt: expires }));
const inBrief = (said: readonly Said[]) =>
  said.map(({ statement }) => [
    statement.type,
    statement.identity.slice(-24),
    statement.sent.toISOString().slice(11, 16),
  ]);

describe('what the lists say of one county and type', () => {
  it('is an alert, an update for each reissue, and a lift when it is missing before its end', () => {
    const said = tell([
      [10, [rain(0, 600)]],
      [50, [rain(0, 600)]],
      [90, [rain(80, 700, 3)]],
      [130, []],
    ]);
    expect(inBrief(said)).toEqual([
      ['alert', '2026-07-18T00:00:00.000Z', '00:00'],
      ['update', '2026-07-18T00:00:00.000Z', '01:20'],
      ['lift', '2026-07-18T00:00:00.000Z', '02:10'],
    ]);
    expect(foldChain(statementsOf(said), at(10_000))).toMatchObject({
      state: 'ended',
      end: { by: 'lifted', at: at(130) },
    });
  });

  it('is no lift when it is missing after its end', () => {
    const said = tell([
      [10, [rain(0, 100)]],
      [130, []],
    ]);
    expect(inBrief(said)).toHaveLength(1);
    expect(foldChain(statementsOf(said), at(131))).toMatchObject({
      state: 'ended',
      end: { by: 'expiry', at: at(100) },
    });
  });

  it('is a new shock when another warning comes after a gap, and the old one when the same comes back', () => {
    const other = tell([
      [10, [rain(0, 600)]],
      [50, []],
      [90, [rain(80, 700)]],
    ]);
    expect(new Set(statementsOf(other).map(({ identity }) => identity)).size).toBe(2);
    const same = tell([
      [10, [rain(0, 600)]],
      [50, []],
      [90, [rain(0, 600)]],
    ]);
    expect(new Set(statementsOf(same).map(({ identity }) => identity)).size).toBe(1);
    expect(foldChain(statementsOf(same), at(100))).toMatchObject({ state: 'open' });
  });

  it('is open while it is listed, also when an old warning comes back after others', () => {
    const said = tell([
      [10, [rain(0, 600)]],
      [50, [rain(45, 600)]],
      [90, []],
      [130, [rain(100, 600)]],
      [170, []],
      [210, [rain(0, 600)]],
    ]);
    const first = statementsOf(said).filter(({ identity }) => identity === said[0]?.statement.identity);
    expect(foldChain(first, at(211))).toMatchObject({ state: 'open', content: { expires: at(600) } });
  });

  it('follows a list that falls back on an earlier issue', () => {
    const said = tell([
      [90, [rain(80, 700, 3)]],
      [130, [rain(0, 600, 4)]],
    ]);
    expect(foldChain(statementsOf(said), at(140)).content).toMatchObject({ level: 4, expires: at(600) });
  });

  it('is told to followers only while it is not yet over', () => {
    expect(tell([[10, [rain(0, 600)]]], at(599)).map(({ recorded }) => recorded)).toEqual([false]);
    expect(tell([[10, [rain(0, 600)]]], at(600)).map(({ recorded }) => recorded)).toEqual([true]);
  });

  it('takes the most serious of several, in whatever order they are listed', () => {
    const list = [rain(0, 600, 2), rain(5, 600, 4), rain(9, 600, 3)];
    for (const order of [list, list.toReversed()])
      expect(tell([[10, order]])[0]?.statement.content).toMatchObject({ level: 4 });
  });

  it('lets a warning without an end live on while it is listed', () => {
    const said = tell([
      [10, [rain(0, undefined)]],
      [1_000, [rain(0, undefined)]],
      [1_500, [rain(0, undefined)]],
    ]);
    expect(said.map(({ expires }) => expires)).toEqual([at(24 * 60), at(48 * 60)]);
  });
});

describe('any sequence of lists', () => {
  const warning = fc
    .record({
      issued: fc.nat(20).map((n) => n * 20),
      life: fc.option(fc.integer({ min: -60, max: 300 })),
      level: fc.nat(4),
    })
    .map(({ issued, life, level }) => rain(issued, life === null ? undefined : issued + life, level));
  const sequence = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.array(warning, { maxLength: 2 })), {
      minLength: 1,
      maxLength: 12,
    })
    .map((steps) => {
      let minute = 0;
      return steps.map(([gap, list]) => [(minute += gap), list] as const);
    });

  it('leaves open what the last list holds and is not over, and nothing else', () => {
    fc.assert(
      fc.property(sequence, (lists) => {
        const [minute, last] = lists.at(-1) as readonly [number, List];
        const chains = Map.groupBy(statementsOf(tell(lists)), ({ identity }) => identity);
        const open = [...chains.values()].filter((chain) => foldChain(chain, at(minute)).state === 'open');
        const running = last.some(({ expires }) => expires === undefined || expires > at(minute));
        if (last.length === 0 || !running) expect(open).toEqual([]);
        else if (last.length === 1) expect(open).toHaveLength(1);
        for (const chain of open)
          expect(foldChain(chain, at(minute)).content?.expires?.getTime()).toBeGreaterThan(at(minute).getTime());
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same states whenever it came in, and in whatever order its statements are folded', () => {
    const later = at(100_000);
    const states = (statements: readonly Statement[]) =>
      [...Map.groupBy(statements, ({ identity }) => identity)]
        .map(([identity, chain]) => [identity, foldChain(chain, later)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    fc.assert(
      fc.property(sequence, (lists) => {
        const prompt = statementsOf(tell(lists));
        const late = statementsOf(tell(lists, later));
        expect(states(late)).toEqual(states(prompt));
        expect(states(prompt.toReversed())).toEqual(states(prompt));
      }),
    );
  });

  it('gives each statement a key of its own and a time after the one before', () => {
    fc.assert(
      fc.property(sequence, (lists) => {
        const said = statementsOf(tell(lists));
        expect(new Set(said.map(({ key }) => key)).size).toBe(said.length);
        for (const chain of Map.groupBy(said, ({ identity }) => identity).values())
          for (const [i, { sent }] of chain.entries())
            if (i > 0) expect(sent.getTime()).toBeGreaterThan(chain[i - 1]?.sent.getTime() ?? Infinity);
      }),
    );
  });
});
