import { describe, expect, it } from '@jest/globals';
import { FindingKind, FindingState } from '@fangpin/contracts';
import fc from 'fast-check';
import type { Finding, FindingFacts, Match, Sending } from './finding.js';
import { nextFinding, type NextFinding } from './next-finding.rule.js';

const EPOCH = 1;
const ID = '00000000-0000-8000-8000-000000000001';
const AREA = { lo: 532_327_000_000_000, hi: 532_328_000_000_000 };
const HOUSEHOLD: Match = { householdId: 7, dutyCode: 532_327_101_001_000 };
const NOBODY: Match = { unmatched: 'person-unknown' };

const facts = (change: Partial<FindingFacts> = {}): FindingFacts => ({
  kind: FindingKind.MEDICAL_SPENDING,
  period: '2026-01-01',
  occurredOn: '2026-10-31',
  spentFen: 100,
  refundedFen: 0,
  ofEarner: false,
  days: 0,
  houseGrade: 0,
  ...change,
});
const sending = (minute = 0, change: Partial<Sending> = {}): Sending => ({
  department: 'health-insurance',
  by: 'client',
  at: new Date(Date.UTC(2026, 10, 22, 0, minute)),
  area: AREA,
  ...change,
});
const sent = (known: Finding | undefined, fact = facts(), match: Match = HOUSEHOLD, how = sending()): NextFinding =>
  nextFinding(known, ID, { named: { idHash: 'aa' }, facts: fact }, match, how, EPOCH);

describe('a finding that is sent', () => {
  it('is accepted, is a duplicate the second time and an update with other facts', () => {
    const first = sent(undefined);
    expect(first).toMatchObject({ outcome: 'accepted', published: true, finding: { state: FindingState.RAISED } });
    const again = sent(first.finding, facts(), HOUSEHOLD, sending(1, { batchId: 'b' }));
    expect(again).toMatchObject({ outcome: 'duplicate', published: false, stored: true });
    expect(again.finding).toMatchObject({ revision: first.finding.revision, batchId: undefined, statedInBatch: 'b' });
    const more = sent(again.finding, facts({ spentFen: 200 }), HOUSEHOLD, sending(2));
    expect(more).toMatchObject({ outcome: 'updated', finding: { revision: first.finding.revision + 1 } });
    expect(more.finding.statedInBatch).toBeUndefined();
  });

  it('waits where nobody is known, and is accepted once somebody is', () => {
    const waiting = sent(undefined, facts(), NOBODY);
    expect(waiting).toMatchObject({ outcome: 'unmatched', published: false });
    expect(sent(waiting.finding, facts(), NOBODY, sending(1))).toMatchObject({
      outcome: 'unmatched',
      published: false,
    });
    expect(sent(waiting.finding, facts(), HOUSEHOLD, sending(1))).toMatchObject({
      outcome: 'accepted',
      published: true,
    });
  });

  it('stays with its household when the person is found in another', () => {
    const first = sent(undefined);
    const moved = sent(
      first.finding,
      facts({ spentFen: 200 }),
      { householdId: 8, dutyCode: 532_327_101_002_000 },
      sending(1),
    );
    expect(moved.finding.match).toMatchObject({ householdId: 7 });
  });

  it('is raised anew after it was withdrawn, but not by a word that is older than that', () => {
    const withdrawn: Finding = {
      ...sent(undefined).finding,
      state: FindingState.WITHDRAWN,
      withdrawnReason: '误报',
      statedAt: sending(5).at,
      takenBackAt: sending(5).at,
    };
    expect(sent(withdrawn, facts(), HOUSEHOLD, sending(1))).toMatchObject({ outcome: 'duplicate', stored: false });
    const anew = sent(withdrawn, facts(), HOUSEHOLD, sending(6));
    expect(anew).toMatchObject({ outcome: 'updated', published: true, finding: { state: FindingState.RAISED } });
    expect(anew.finding.withdrawnReason).toBeUndefined();
  });

  it('is corrected by its sender though the household has moved out of the area', () => {
    const away: Match = { householdId: 7, dutyCode: 532_301_101_001_000 };
    const moved: Finding = { ...sent(undefined).finding, match: away };
    for (const found of [away, NOBODY])
      expect(sent(moved, facts({ spentFen: 9 }), found, sending(1))).toMatchObject({
        outcome: 'updated',
        published: true,
        finding: { match: away, facts: { spentFen: 9 } },
        problems: [{ code: 'FINDING.HOUSEHOLD_ELSEWHERE' }],
      });
    expect(sent(moved, facts(), NOBODY, sending(1))).toMatchObject({ outcome: 'duplicate', published: false });
  });

  it('is of the household in which the person is found by then, when it is sent again after it was taken back', () => {
    const first = sent(undefined).finding;
    const withdrawn: Finding = { ...first, state: FindingState.WITHDRAWN, withdrawnReason: '户籍有误' };
    const right: Match = { householdId: 8, dutyCode: 532_327_101_002_000 };
    expect(sent(withdrawn, facts(), right, sending(1))).toMatchObject({
      outcome: 'updated',
      finding: { match: right },
    });
    expect(sent(withdrawn, facts(), NOBODY, sending(1))).toMatchObject({ outcome: 'unmatched', published: false });
  });

  it('takes what the register knows of the earner, however often it is said', () => {
    const earner: Match = { householdId: 7, dutyCode: 532_327_101_001_000, mainEarner: true };
    const first = sent(undefined, facts({ kind: FindingKind.DISABILITY }), earner);
    expect(first.finding.facts.ofEarner).toBe(true);
    expect(sent(first.finding, facts({ kind: FindingKind.DISABILITY }), earner, sending(1)).outcome).toBe('duplicate');
    const corrected = facts({ kind: FindingKind.DISABILITY, occurredOn: '2026-11-01' });
    expect(sent(first.finding, corrected, NOBODY, sending(1)).finding.facts.ofEarner).toBe(true);
  });

  it('lets its sender take back that somebody is the earner, though the person has left the household', () => {
    const slip = sent(undefined, facts({ kind: FindingKind.DISABILITY, ofEarner: true }));
    expect(sent(slip.finding, facts({ kind: FindingKind.DISABILITY }), NOBODY, sending(1))).toMatchObject({
      outcome: 'updated',
      published: true,
      finding: { match: HOUSEHOLD, facts: { ofEarner: false } },
    });
  });
});

describe('a word that comes late', () => {
  const september = facts({ occurredOn: '2026-09-30', spentFen: 2_500_000 });
  const august = facts({ occurredOn: '2026-08-31', spentFen: 1_500_000 });

  it('overtakes nothing where it is of an earlier day, and the sender is told so', () => {
    const known = sent(undefined, september).finding;
    expect(sent(known, august, HOUSEHOLD, sending(1))).toMatchObject({
      finding: known,
      outcome: 'duplicate',
      stored: false,
      published: false,
      problems: [{ code: 'FINDING.EARLIER_DAY' }],
    });
  });

  it('is kept beneath a sheet, which may be taken back', () => {
    const known = sent(undefined, september, HOUSEHOLD, sending(0, { batchId: 'september' })).finding;
    const late = sent(known, august, HOUSEHOLD, sending(1, { batchId: 'august' }));
    expect(late).toMatchObject({ finding: known, earlier: { batchId: 'august', facts: { spentFen: 1_500_000 } } });
  });

  it('counts after all once what stood was taken back, so that a wrong day can be put right', () => {
    const known = sent(undefined, september).finding;
    const at = sending(1).at;
    const withdrawn: Finding = { ...known, state: FindingState.WITHDRAWN, takenBackAt: at, statedAt: at };
    expect(sent(withdrawn, august, HOUSEHOLD, sending(2))).toMatchObject({
      outcome: 'updated',
      published: true,
      finding: { facts: { spentFen: 1_500_000 } },
    });
  });

  it('is the later one by its day though it was received before the last push', () => {
    const known = sent(undefined, august, HOUSEHOLD, sending(5)).finding;
    expect(sent(known, september, HOUSEHOLD, sending(1, { batchId: 'september' }))).toMatchObject({
      outcome: 'updated',
      finding: { facts: { spentFen: 2_500_000 } },
    });
  });
});

describe('any row of words', () => {
  it('ends as the latest of them says, by its day and then by its receipt, in whatever order they are worked off', () => {
    const word = fc.record({
      minute: fc.integer({ min: 0, max: 50 }),
      day: fc.integer({ min: 1, max: 3 }),
      spentFen: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(word, { selector: ({ minute }) => minute, minLength: 1, maxLength: 8 }), (words) => {
        const end = words.reduce<Finding | undefined>(
          (known, { minute, day, spentFen }) =>
            sent(known, facts({ spentFen, occurredOn: `2026-10-0${day}` }), HOUSEHOLD, sending(minute)).finding,
          undefined,
        );
        const latest = words.reduce((a, b) => ((a.day - b.day || a.minute - b.minute) > 0 ? a : b));
        expect(end?.facts.spentFen).toBe(latest.spentFen);
      }),
    );
  });
});
