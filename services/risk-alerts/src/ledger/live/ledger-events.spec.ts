import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FanOutResponse, TownshipFigures } from '../fan-out.response.js';
import { ledgerEvents, type LedgerEventTimes } from './ledger-events.js';

const NO_WAIT: LedgerEventTimes = { lookMs: 0, heartbeatMs: 60_000 };

function township(region: string, alerted: number): TownshipFigures {
  const none = { withheld: 0, published: 0, casesOpened: 0, casesAttached: 0, listed: 0, parked: 0 };
  return {
    ...none,
    region,
    name: region,
    exposed: alerted,
    alerted,
    withdrawn: 0,
    dropped: 0,
    flagged: 0,
    severities: {},
  };
}

function ledger(state: string, alerted: readonly number[], asOf = '2026-07-18T08:00:00+08:00'): FanOutResponse {
  const townships = alerted.map((n, i) => township(`53232710${i}`, n));
  const total = alerted.reduce((sum, n) => sum + n, 0);
  return { ...township('', total), state, revision: 7, asOf, townships } as unknown as FanOutResponse;
}

/** Events of a ledger that stands so at each look, the last of them settled. */
async function told(states: readonly FanOutResponse[], times = NO_WAIT) {
  const looks = states.slice(1);
  const text: string[] = [];
  const events = ledgerEvents(states[0] as FanOutResponse, {
    read: async () => {
      const next = looks.shift();
      if (next === undefined) throw new Error('looked after the end');
      return next;
    },
    signal: new AbortController().signal,
    times,
  });
  for await (const event of events) text.push(event);
  return {
    text,
    data: text.flatMap((event) => {
      const line = event.split('\n').find((part) => part.startsWith('data: '));
      return line === undefined ? [] : [JSON.parse(line.slice(6)) as FanOutResponse & { townshipsAre: string }];
    }),
  };
}

describe('a ledger told live', () => {
  it('comes at once, then as it changes, with the townships that did, and whole again at the end', async () => {
    const { data, text } = await told([
      ledger('running', [1, 2]),
      ledger('running', [1, 2], '2026-07-18T08:00:01+08:00'),
      ledger('running', [1, 5]),
      ledger('done', [1, 5]),
    ]);
    expect(data.map(({ state, townshipsAre, townships }) => [state, townshipsAre, townships.length])).toEqual([
      ['running', 'all', 2],
      ['running', 'changed', 1],
      ['done', 'all', 2],
    ]);
    expect(text.at(-1)).toMatch(/^event: settled\nid: 7-done-[0-9a-f]{16}\n/);
  });

  it('of a settled fan-out is one event and the end', async () => {
    const { data } = await told([ledger('recalled', [3])]);
    expect(data).toHaveLength(1);
  });

  it('sends a comment where there is nothing to tell', async () => {
    const { text, data } = await told(
      [ledger('running', [1]), ledger('running', [1]), ledger('running', [1]), ledger('done', [1])],
      { ...NO_WAIT, heartbeatMs: 0 },
    );
    expect(data).toHaveLength(2);
    expect(text.filter((event) => event.startsWith(':'))).toHaveLength(2);
  });

  it('sends comments too while the ledger is being counted, and ends when it is told to meanwhile', async () => {
    const leaving = new AbortController();
    const events = ledgerEvents(ledger('running', [1]), {
      read: () => new Promise(() => undefined),
      signal: leaving.signal,
      times: { lookMs: 0, heartbeatMs: 1 },
    });
    const next = async (): Promise<string | undefined> => (await events.next()).value as string | undefined;
    expect([await next(), await next()].map((text) => text?.split(':', 1)[0])).toEqual(['retry', 'event']);
    expect([await next(), await next()]).toEqual([': \n\n', ': \n\n']);
    leaving.abort();
    expect(await next()).toBeUndefined();
  });

  it('tells all townships where one of them is no longer there', async () => {
    const { data } = await told([ledger('running', [1, 2]), ledger('running', [3]), ledger('done', [3])]);
    expect(data.map(({ townshipsAre, townships }) => [townshipsAre, townships.length])).toEqual([
      ['all', 2],
      ['all', 1],
      ['all', 1],
    ]);
  });

  it('lets a listener who patches townships in end with the ledger as it is, however it went', async () => {
    const figures = fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(figures, async (rows) => {
        const states = rows.map((row) => ledger('running', row));
        const { data } = await told([...states, { ...(states.at(-1) as FanOutResponse), state: 'done' }]);
        const known = new Map<string, TownshipFigures>();
        for (const { townships, townshipsAre, alerted } of data) {
          if (townshipsAre === 'all') known.clear();
          for (const figure of townships) known.set(figure.region, figure);
          expect([...known.values()].reduce((sum, one) => sum + one.alerted, 0)).toBe(alerted);
        }
      }),
      { numRuns: 50 },
    );
  });
});
