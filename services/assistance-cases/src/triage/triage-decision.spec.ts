import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkItemStates } from '../check-items/check-item-states.js';
import { ATTACHED, DROPPED, FLAGGED, LISTED, OPENED } from './outcome.js';
import {
  answeredUpTo,
  decide as decideOn,
  standingPlace,
  type EndedCase,
  type IncomingRevision,
  type KnownAlert,
  type Move,
  type TriageRules,
} from './triage-decision.js';

const TODAY = '2026-07-20';
const bands = { caseFrom: 4, worseByLevels: 1, months: 3 };
const raised = (revision: number, severity: number, speaksUntil = TODAY, extent = 0): IncomingRevision => ({
  ...{ revision, severity, speaksUntil, extent },
  withdrawn: false,
});
const withdrawn = (revision: number): IncomingRevision => ({ ...raised(revision, 1), withdrawn: true });
const decide = (known: KnownAlert | undefined, incoming: IncomingRevision, rules: TriageRules): Move =>
  decideOn(known, incoming, rules, TODAY);
const item = (
  state: keyof typeof checkItemStates,
  more: Partial<NonNullable<KnownAlert['item']>> = {},
): KnownAlert => ({
  item: {
    alertRevision: 5,
    outcome: LISTED,
    state: checkItemStates[state].code,
    checkedSeverity: state === 'no-risk' ? 2 : null,
    checkedOn: state === 'no-risk' ? '2026-07-10' : null,
    asksAgainFrom: null,
    remembered: false,
    ...more,
  },
});
const opened = (
  acted: boolean,
  outcome: number = OPENED,
  ended?: EndedCase,
  asksAgainFrom: number | null = null,
): KnownAlert => ({ opened: { alertRevision: 5, outcome, acted, asksAgainFrom, ended } });
const attached = (acted: boolean): KnownAlert => ({
  attached: { alertRevision: 5, outcome: ATTACHED, acted, asksAgainFrom: null, caseOrigin: 9 },
});

describe('a first alert', () => {
  it('opens a case from the band of policy, and is listed below it', () => {
    expect([1, 2, 3, 4].map((severity) => decide(undefined, raised(1, severity), bands).kind)).toEqual([
      'list',
      'list',
      'list',
      'open',
    ]);
    expect(decide(undefined, raised(1, 4), { ...bands, caseFrom: 5 }).kind).toBe('list');
  });

  it('that was withdrawn before it came is remembered, and ignored when it comes late', () => {
    expect(decide(undefined, withdrawn(2), bands)).toEqual({ kind: 'remember' });
    expect(decide({ withdrawal: { alertRevision: 2 } }, raised(1, 4), bands)).toEqual({ kind: 'ignore' });
    expect(decide({ withdrawal: { alertRevision: 2 } }, raised(3, 4), bands)).toEqual({ kind: 'open' });
  });
});

describe('a revision that is not newer', () => {
  it('does nothing wherever the alert stands', () => {
    for (const known of [item('listed'), item('no-risk'), opened(false), opened(true), attached(false)])
      for (const revision of [4, 5])
        for (const incoming of [raised(revision, 4), raised(revision, 1), withdrawn(revision)])
          expect(decide(known, incoming, bands)).toEqual({ kind: 'ignore' });
  });
});

describe('a newer revision', () => {
  it('keeps a case a case, whatever its severity', () => {
    expect(decide(opened(false), raised(6, 1), bands)).toEqual({ kind: 'keep', place: 'opened' });
    expect(decide(attached(true), raised(6, 4), bands)).toEqual({ kind: 'keep', place: 'attached' });
    expect(decide(opened(true, FLAGGED), raised(6, 2), bands)).toEqual({ kind: 'keep', place: 'opened' });
  });

  it('keeps an item on the list until it reaches the case band', () => {
    expect(decide(item('listed'), raised(6, 3), bands)).toEqual({ kind: 'keep', place: 'item' });
    expect(decide(item('unreachable'), raised(6, 3), bands)).toEqual({ kind: 'keep', place: 'item' });
    expect(decide(item('listed'), raised(6, 4), bands)).toEqual({ kind: 'open' });
  });

  it('asks for another check only of what is materially worse than it was when checked', () => {
    expect(decide(item('no-risk'), raised(6, 2), bands)).toEqual({ kind: 'keep', place: 'item' });
    expect(decide(item('no-risk'), raised(6, 3), bands)).toEqual({ kind: 'list' });
    expect(decide(item('no-risk'), raised(6, 3), { ...bands, worseByLevels: 2 }).kind).toBe('keep');
    expect(decide(item('no-risk'), raised(6, 4), bands)).toEqual({ kind: 'open' });
  });

  it('asks for another check of a bill that has grown much since, though the household was red already', () => {
    const seen = item('no-risk', { checkedSeverity: 4, asksAgainFrom: 900 });
    const paid = (yuan: number) => decide(seen, raised(6, 4, TODAY, yuan), bands);
    expect([600, 100, 899].map((yuan) => paid(yuan).kind)).toEqual(['keep', 'keep', 'keep']);
    expect(paid(900)).toEqual({ kind: 'open' });
    expect(decide(item('no-risk', { asksAgainFrom: 900 }), raised(6, 2, TODAY, 6_000), bands)).toEqual({
      kind: 'list',
    });
    expect(decide(item('no-risk', { asksAgainFrom: null }), raised(6, 2, TODAY, 6_000), bands).kind).toBe('keep');
  });

  it('opens no case of what was found without risk as grave as it stands', () => {
    const seen = item('no-risk', { checkedSeverity: 4, remembered: true });
    expect(decide(seen, raised(6, 4), bands)).toEqual({ kind: 'keep', place: 'item' });
    expect(decide(item('no-risk', { checkedSeverity: 3 }), raised(6, 4), bands).kind).toBe('open');
    expect(decide(item('listed', { checkedSeverity: 4 }), raised(6, 4), bands).kind).toBe('open');
  });

  it('asks for no visit exactly up to the severity that the check is said to answer for', () => {
    const level = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        level,
        level,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        (was, now, from, by) => {
          const rules = { caseFrom: from, worseByLevels: by, months: 3 };
          const kept = decide(item('no-risk', { checkedSeverity: was }), raised(6, now), rules).kind === 'keep';
          expect(kept).toBe(now <= answeredUpTo(was, rules));
        },
      ),
    );
  });

  it('of what had been dropped is taken in as if it were new', () => {
    expect(decide(opened(false, DROPPED), raised(6, 4), bands)).toEqual({ kind: 'open' });
    expect(decide(opened(false, DROPPED), raised(6, 2), bands)).toEqual({ kind: 'list' });
    expect(decide(item('dropped', { outcome: DROPPED }), raised(6, 2), bands)).toEqual({ kind: 'list' });
  });
});

describe('a check without risk', () => {
  const severity = fc.integer({ min: 1, max: 4 });
  const long = item('no-risk', { checkedOn: '2026-04-19' });

  it('answers for its alert for the months of policy, and then asks again, however little has changed', () => {
    expect(decide(item('no-risk', { checkedOn: '2026-04-20' }), raised(6, 2), bands).kind).toBe('keep');
    expect(decide(long, raised(6, 2), bands).kind).toBe('list');
    expect(decide(item('no-risk', { checkedSeverity: 4, checkedOn: '2026-04-19' }), raised(6, 4), bands).kind).toBe(
      'open',
    );
  });

  it('goes on answering for what speaks of nothing since', () => {
    expect(decide(long, raised(6, 2, '2026-04-19'), bands).kind).toBe('keep');
    expect(decide(long, raised(6, 3, '2026-04-19'), bands).kind).toBe('list');
  });

  it('that ended the case of its alert answers as one of a list does', () => {
    const checkedOn = fc.constantFrom('2026-04-19', '2026-04-20', '2026-07-20');
    const until = fc.constantFrom('2026-04-19', TODAY);
    fc.assert(
      fc.property(
        severity,
        severity,
        checkedOn,
        until,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(null, 1, 2, 3),
        (was, now, on, speaks, caseFrom, asksAgainFrom) => {
          const check = { severity: was, checkedOn: on, asksAgainFrom, revision: 9 };
          const ended = { severity: was, check, left: false };
          const rules = { ...bands, caseFrom };
          const incoming = raised(6, now, speaks, 2);
          const ofCase = decide(opened(true, OPENED, ended), incoming, rules).kind;
          const checked = item('no-risk', { checkedSeverity: was, checkedOn: on, asksAgainFrom });
          const ofItem = decide(checked, incoming, rules).kind;
          expect(ofCase).toBe(ofItem === 'keep' ? 'answer' : ofItem);
        },
      ),
    );
  });
});

describe('a case that has ended', () => {
  const otherwise = (was: number): EndedCase => ({ severity: was, check: null, left: false });

  it('answers for no more than it knew', () => {
    expect(decide(opened(true, OPENED, otherwise(3)), raised(6, 3), bands)).toEqual({ kind: 'keep', place: 'opened' });
    expect(decide(opened(true, OPENED, otherwise(3)), raised(6, 4), bands).kind).toBe('open');
    expect(decide(opened(true, OPENED, otherwise(1)), raised(6, 2), bands).kind).toBe('list');
    const joined: KnownAlert = {
      attached: {
        ...{ alertRevision: 5, outcome: ATTACHED, acted: true, caseOrigin: 9, ended: otherwise(3) },
        asksAgainFrom: null,
      },
    };
    expect(decide(joined, raised(6, 4), bands).kind).toBe('open');
  });

  it('answers for no bill that has grown much since, though its household could not stand worse', () => {
    const helped = opened(true, OPENED, otherwise(4), 900);
    expect(decide(helped, raised(6, 4, TODAY, 899), bands)).toEqual({ kind: 'keep', place: 'opened' });
    expect(decide(helped, raised(6, 4, TODAY, 900), bands).kind).toBe('open');
    expect(decide(opened(true, OPENED, otherwise(2), 900), raised(6, 2, TODAY, 900), bands).kind).toBe('list');
  });

  it('does not answer for an alert that was withdrawn when it ended', () => {
    expect(decide(opened(true, FLAGGED, otherwise(4)), raised(6, 4), bands).kind).toBe('open');
    expect(decide(opened(true, FLAGGED, otherwise(2)), raised(6, 2), bands).kind).toBe('list');
  });
});

describe('a withdrawal', () => {
  it('tells what is untouched from what somebody has acted on', () => {
    const actedOn = (known: KnownAlert): unknown => {
      const move = decide(known, withdrawn(6), bands);
      return move.kind === 'withdraw' ? move.acted : move.kind;
    };
    expect([opened(false), attached(false), item('listed')].map(actedOn)).toEqual([false, false, false]);
    expect([opened(true), attached(true), item('unreachable'), item('no-risk')].map(actedOn)).toEqual(
      Array<boolean>(4).fill(true),
    );
    expect(actedOn(item('no-risk', { remembered: true }))).toBe(false);
  });

  it('finds the alert where it stands: the case it grew into, not the item it was', () => {
    const grown: KnownAlert = {
      ...item('risk'),
      opened: { alertRevision: 5, outcome: LISTED, acted: true, asksAgainFrom: null },
    };
    expect(standingPlace(grown)).toEqual({ place: 'opened', alertRevision: 5 });
    expect(decide(grown, withdrawn(6), bands)).toEqual({ kind: 'withdraw', place: 'opened', acted: true });
  });
});

/** What the moves do to an alert of a household without other cases, as the tables would keep it. */
function apply(known: KnownAlert | undefined, incoming: IncomingRevision): KnownAlert | undefined {
  const move = decide(known, incoming, bands);
  const alertRevision = incoming.revision;
  switch (move.kind) {
    case 'ignore':
      return known;
    case 'remember':
      return { ...known, withdrawal: { alertRevision } };
    case 'open':
      return { ...known, opened: { alertRevision, outcome: OPENED, acted: false, asksAgainFrom: null } };
    case 'list':
    case 'answer':
      return {
        ...known,
        item: {
          ...{ alertRevision, outcome: LISTED, state: 1, checkedSeverity: null, checkedOn: null, remembered: false },
          asksAgainFrom: null,
        },
      };
    case 'keep':
      return {
        ...known,
        [move.place]: { ...known?.[move.place], alertRevision, outcome: move.place === 'item' ? LISTED : OPENED },
      };
    case 'withdraw':
      return {
        ...known,
        [move.place]: { ...known?.[move.place], alertRevision, outcome: move.acted ? FLAGGED : DROPPED },
      };
  }
}

const outcomeOf = (known: KnownAlert | undefined): unknown => {
  const standing = known && standingPlace(known);
  if (known === undefined || standing === undefined) return undefined;
  const outcome = standing.place === 'withdrawal' ? DROPPED : known[standing.place]?.outcome;
  return { outcome, revision: standing.alertRevision };
};
const run = (revisions: readonly IncomingRevision[]): unknown =>
  outcomeOf(revisions.reduce<KnownAlert | undefined>(apply, undefined));

const life = fc
  .array(fc.record({ withdrawn: fc.boolean(), severity: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((steps) =>
    steps.map((step, i): IncomingRevision => ({ ...step, revision: i + 1, speaksUntil: TODAY, extent: 0 })),
  );

describe('whatever the order of arrival', () => {
  it('repeats and late arrivals of older revisions change nothing', () => {
    fc.assert(
      fc.property(life, fc.array(fc.nat(), { maxLength: 30 }), (revisions, picks) => {
        // In order, and after each one any that had come before, any number of times.
        const disturbed = revisions.flatMap((revision, i) => [
          revision,
          ...picks.filter((_, n) => n % revisions.length === i).map((pick) => revisions[pick % (i + 1)] ?? revision),
        ]);
        expect(run(disturbed)).toEqual(run(revisions));
      }),
    );
  });

  it('the highest revision decides whether the alert stands, and it has exactly one outcome', () => {
    const shuffled = life.chain((revisions) =>
      fc.tuple(fc.constant(revisions), fc.shuffledSubarray(revisions, { minLength: revisions.length })),
    );
    fc.assert(
      fc.property(shuffled, ([revisions, order]) => {
        const last = revisions.at(-1) as IncomingRevision;
        const result = run(order) as { outcome: number; revision: number };
        expect(result.revision).toBe(last.revision);
        expect([OPENED, LISTED, DROPPED]).toContain(result.outcome);
        expect(result.outcome === DROPPED).toBe(last.withdrawn);
        if (!last.withdrawn && last.severity >= bands.caseFrom) expect(result.outcome).toBe(OPENED);
      }),
    );
  });

  it('an alert that only worsens ends the same in any order', () => {
    const worsening = life.map((revisions) => {
      const severities = revisions.map(({ severity }) => severity).sort();
      return revisions.map(({ revision }, i) => raised(revision, severities[i] ?? 1));
    });
    const orders = worsening.chain((revisions) =>
      fc.tuple(fc.constant(revisions), fc.shuffledSubarray(revisions, { minLength: revisions.length })),
    );
    fc.assert(fc.property(orders, ([revisions, order]) => expect(run(order)).toEqual(run(revisions))));
  });
});
