import { describe, expect, it } from '@jest/globals';
import { FindingKind, FindingState } from '@fangpin/contracts';
import fc from 'fast-check';
import { isVoid, type Finding, type FindingFacts, type Match, type Sending, type Statement } from './finding.js';
import { nextFinding } from './next-finding.rule.js';
import { isBehind, wordOf } from './statement-order.rule.js';
import { withoutBatch } from './without-batch.rule.js';

const AREA = { lo: 532_327_000_000_000, hi: 532_328_000_000_000 };
const HOUSEHOLD: Match = { householdId: 7, dutyCode: 532_327_101_001_000 };
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 0, minute));

const facts = (spentFen: number, day = 31): FindingFacts => ({
  kind: FindingKind.MEDICAL_SPENDING,
  period: '2026-01-01',
  occurredOn: `2026-10-${day}`,
  spentFen,
  refundedFen: 0,
  ofEarner: false,
  days: 0,
  houseGrade: 0,
});

/** One finding with what is kept beneath it, as the tables hold them. */
class Held {
  finding: Finding | undefined;
  readonly beneath = new Map<string | undefined, Statement>();
  readonly said: number[] = [];

  say(minute: number, spentFen: number, batchId?: string, day?: number): void {
    const sending: Sending = { department: 'health-insurance', by: 'client', at: at(minute), area: AREA };
    const sent = { named: { idHash: 'aa' }, facts: facts(spentFen, day) };
    const from = batchId === undefined ? sending : { ...sending, batchId };
    const next = nextFinding(this.finding, 'id', sent, HOUSEHOLD, from, 1);
    if (next.earlier === 'nothing') this.beneath.clear();
    else if (next.earlier !== undefined) {
      const { earlier } = next;
      const before = this.beneath.get(earlier.batchId);
      if (before === undefined || !isBehind(wordOf(earlier), wordOf(before)))
        this.beneath.set(earlier.batchId, earlier);
    }
    this.#set(next);
  }

  takeBack(batchId: string, gone: ReadonlySet<string>): void {
    this.beneath.delete(batchId);
    if (this.finding === undefined || this.finding.statedInBatch !== batchId || isVoid(this.finding)) return;
    const before = [...this.beneath.values()]
      .filter((one) => one.batchId === undefined || !gone.has(one.batchId))
      .reduce<Statement | undefined>((a, b) => (a !== undefined && isBehind(wordOf(b), wordOf(a)) ? a : b), undefined);
    this.#set(withoutBatch(this.finding, before, HOUSEHOLD, { reason: '口径有误', by: 'client', at: at(999) }, 1));
    if (before === undefined) return;
    if (before.batchId === undefined) this.beneath.clear();
    else this.beneath.delete(before.batchId);
  }

  takeBackAlone(minute: number): boolean {
    if (this.finding?.state !== FindingState.RAISED) return false;
    const revision = this.finding.revision + 1;
    const withdrawn = { state: FindingState.WITHDRAWN, withdrawnReason: '误报', statedInBatch: undefined };
    const times = { statedAt: at(minute), takenBackAt: at(minute) };
    this.#set({ finding: { ...this.finding, ...withdrawn, revision, ...times }, published: true });
    this.beneath.clear();
    return true;
  }

  #set({ finding, published }: { finding: Finding; published: boolean }): void {
    if (published) this.said.push(finding.revision);
    this.finding = finding;
  }

  /** Amount, or undefined where nothing stands. */
  get stands(): number | undefined {
    return this.finding?.state === FindingState.RAISED ? this.finding.facts.spentFen : undefined;
  }
}

describe('a finding whose batch is taken back', () => {
  it('stands as the sheet before it said, in a revision of its own', () => {
    const held = new Held();
    held.say(1, 30_000, 'first');
    held.say(2, 50_000, 'second');
    held.takeBack('second', new Set(['second']));
    expect(held.finding).toMatchObject({
      batchId: 'first',
      statedInBatch: 'first',
      statedAt: at(1),
      facts: facts(30_000),
    });
    expect(held.said).toHaveLength(3);
    held.takeBack('first', new Set(['first', 'second']));
    expect(held.finding).toMatchObject({ state: FindingState.WITHDRAWN, withdrawnReason: '口径有误' });
  });

  it('is no revision where the sheet before it said the same', () => {
    const held = new Held();
    held.say(1, 30_000, 'first');
    held.say(2, 30_000, 'second');
    held.takeBack('second', new Set(['second']));
    expect(held.said).toHaveLength(1);
    expect(held.finding).toMatchObject({ statedInBatch: 'first' });
  });

  it('is withdrawn again where it had been taken back before the sheet', () => {
    const held = new Held();
    held.say(1, 30_000);
    held.takeBackAlone(2);
    held.say(3, 50_000, 'sheet');
    held.takeBack('sheet', new Set(['sheet']));
    expect(held.finding).toMatchObject({
      state: FindingState.WITHDRAWN,
      withdrawnReason: '误报',
      statedInBatch: undefined,
    });
  });

  const day = fc.integer({ min: 29, max: 31 });
  const step = fc.oneof(
    fc.record({
      does: fc.constant('batch' as const),
      spentFen: fc.integer({ min: 1, max: 3 }),
      day,
      late: fc.integer({ min: 0, max: 4 }),
    }),
    fc.record({ does: fc.constant('push' as const), spentFen: fc.integer({ min: 1, max: 3 }), day }),
    fc.record({ does: fc.constant('takeBack' as const), which: fc.nat({ max: 9 }) }),
    fc.record({ does: fc.constant('takeBackAlone' as const) }),
  );

  it('says what the word of the latest day says that stands, in whatever order sheets are worked off and taken back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const held = new Held();
        const gone = new Set<string>();
        let waiting: { minute: number; spentFen: number; day: number; batchId: string; due: number }[] = [];
        let words: { minute: number; batchId?: string; spentFen: number; day: number }[] = [];
        const batches: string[] = [];
        const workOff = (minute: number): void => {
          for (const one of waiting.filter(({ due }) => due <= minute))
            held.say(one.minute, one.spentFen, one.batchId, one.day);
          waiting = waiting.filter(({ due }) => due > minute);
        };
        steps.forEach((one, minute) => {
          workOff(minute);
          if (one.does === 'batch') {
            const word = { minute, spentFen: one.spentFen, day: one.day, batchId: `batch ${minute}` };
            words.push(word);
            batches.push(word.batchId);
            waiting.push({ ...word, due: minute + one.late });
          } else if (one.does === 'push') {
            words.push({ minute, spentFen: one.spentFen, day: one.day });
            held.say(minute, one.spentFen, undefined, one.day);
          } else if (one.does === 'takeBackAlone') {
            // What was said until then is forgotten, also by a sheet that is still waiting.
            if (held.takeBackAlone(minute)) words = [];
          } else {
            const batchId = batches[one.which];
            if (batchId === undefined || gone.has(batchId)) return;
            gone.add(batchId);
            waiting = waiting.filter((word) => word.batchId !== batchId);
            held.takeBack(batchId, gone);
          }
        });
        workOff(99);
        const standing = words.filter(({ batchId }) => batchId === undefined || !gone.has(batchId));
        const last = standing.sort((a, b) => a.day - b.day || a.minute - b.minute).at(-1);
        expect(held.stands).toBe(last?.spentFen);
        expect(held.said).toEqual([...held.said].sort((a, b) => a - b));
      }),
      { numRuns: 2_000 },
    );
  });
});
