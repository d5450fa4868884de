/** Whatever becomes of alerts, in whatever order it is heard: history and case tell the same. */
import { describe, expect, it } from '@jest/globals';
import { shanghaiDay } from '@fangpin/domain-kit';
import fc from 'fast-check';
import { CaseStepEntity } from '../src/cases/case-step.entity.js';
import { CaseEntity } from '../src/cases/case.entity.js';
import type { CaseStepResponse } from '../src/cases/dto/case.response.js';
import { readCase, type CaseDetail } from '../src/cases/queries/read-case.js';
import { readHistory } from '../src/cases/queries/read-history.js';
import { anAlertBatch, caseId, everything, originOf, RED } from './harness.js';
import { triageWithPeople } from './people.js';

const HOUSEHOLD = 1;
const SHOCKS = [1, 2, 3] as const;
const YELLOW = 2;
const MINUTE_MS = 60_000;

const desk = triageWithPeople();

interface Said {
  readonly shock: number;
  readonly revision: number;
  readonly withdrawn: boolean;
  readonly severity: number;
}

/** What is said next of a shock; `skips`: its revision before is heard after it. */
interface Word {
  readonly shock: number;
  readonly says: 'red' | 'yellow' | 'withdrawn';
  readonly skips: boolean;
}

const words: fc.Arbitrary<Word> = fc.record({
  shock: fc.constantFrom(...SHOCKS),
  says: fc.constantFrom('red', 'red', 'yellow', 'withdrawn', 'withdrawn'),
  skips: fc.boolean(),
});
const events = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: words },
    { weight: 2, arbitrary: fc.constant<'step'>('step') },
    { weight: 1, arbitrary: fc.constant<'dismiss'>('dismiss') },
  ),
  { minLength: 6, maxLength: 12 },
);

/** In order of hearing: each word under a revision of its own, followed by the opposite under the one that it skipped. */
function revisionsOf({ shock, says, skips }: Word, last: Map<number, number>): Said[] {
  const revision = (last.get(shock) ?? 0) + (skips ? 2 : 1);
  last.set(shock, revision);
  const withdrawn = says === 'withdrawn';
  const said = { shock, revision, withdrawn, severity: says === 'yellow' ? YELLOW : RED };
  return skips ? [said, { shock, revision: revision - 1, withdrawn: !withdrawn, severity: RED }] : [said];
}

interface Told {
  readonly detail: CaseDetail;
  readonly history: readonly CaseStepResponse[];
}

async function allCases(): Promise<Told[]> {
  const database = await opened();
  return database.transaction(everything, async (tx) => {
    const rows = await tx.query<{ origin: number; [column: string]: unknown }>(
      'SELECT case_origin AS origin FROM cases ORDER BY 1',
    );
    const told: Told[] = [];
    for (const { origin } of rows) {
      const id = caseId(origin - originOf(0), HOUSEHOLD);
      const detail = await readCase(tx, id, 'county-officer', desk.service.clock.now());
      told.push({ detail, history: await readHistory(tx, id) });
    }
    return told;
  });
}

let connected: ReturnType<typeof open> | undefined;
const open = () => desk.service.db.open({ entities: [CaseEntity, CaseStepEntity] });
const opened = () => (connected ??= open());

async function act(step: 'step' | 'dismiss'): Promise<void> {
  const found = (await allCases()).find(({ detail }) =>
    detail.allowedActions.some(({ action }) => action === (step === 'step' ? 'start-verification' : 'dismiss')),
  );
  if (found === undefined) return;
  if (step === 'step') return desk.people.step(found.detail.id, 'start-verification', {});
  const toldOn = shanghaiDay(desk.service.clock.now());
  return desk.people.step(found.detail.id, 'dismiss', { reason: '损失很小', checkers: ['g-1', 'g-2'], toldOn });
}

const hear = ({ shock, ...said }: Said): Promise<void> =>
  desk.service.triage(anAlertBatch([HOUSEHOLD], { shock, ...said, cause: `cause-${shock}` }));

/** Which alerts stand behind the case, as its history has it. */
function standingByHistory({ detail, history }: Told): string[] {
  const standing = new Set<string>();
  for (const { action, alertId } of history) {
    if (action === 'reopened' || action === 'asked-again') standing.add(detail.id);
    if (alertId === null) continue;
    if (action === 'alert-withdrawn' || action === 'alert-left') standing.delete(alertId);
    else standing.add(alertId);
  }
  return [...standing].sort();
}

describe('the history of a case', () => {
  it('tells which of its alerts stand as the case does, in order of time, and a repeat of all adds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (happened) => {
        await desk.service.clear();
        desk.service.clock.set('2026-07-20T09:00:00+08:00');
        const last = new Map<number, number>();
        const heard: Said[] = [];
        for (const event of happened) {
          desk.service.clock.set(new Date(desk.service.clock.now().getTime() + MINUTE_MS).toISOString());
          if (typeof event === 'string') await act(event);
          else
            for (const said of revisionsOf(event, last)) {
              await hear(said);
              heard.push(said);
            }
          for (const told of await allCases()) {
            const { detail, history } = told;
            const times = history.map(({ at }) => at);
            expect(times).toEqual([...times].sort());
            const open = detail.allowedActions.length > 0;
            // Of a case that has ended only what opened it or was attached is shown.
            const joined = open ? [] : history.filter(({ action }) => action === 'alert-joined').map((h) => h.alertId);
            expect(standingByHistory(told).filter((id) => !joined.includes(id))).toEqual(
              detail.alerts
                .filter(({ stands, alertId }) => stands && !joined.includes(alertId))
                .map(({ alertId }) => alertId)
                .sort(),
            );
            const behind = detail.alerts.filter(({ stands }) => stands);
            if (behind.length > 0) expect(behind.map(({ shockId }) => shockId)).toContain(detail.shockId);
          }
        }
        const before = await allCases();
        desk.service.clock.set(new Date(desk.service.clock.now().getTime() + MINUTE_MS).toISOString());
        for (const said of heard) await hear(said);
        expect((await allCases()).map(({ history }) => history)).toEqual(before.map(({ history }) => history));
      }),
      { numRuns: 15 },
    );
  }, 240_000);
});
