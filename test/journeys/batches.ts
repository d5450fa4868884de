import { idCheckCharacter } from '@fangpin/domain-kit';
import { eventually } from '@fangpin/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { textBody, type HttpClient } from '../../scripts/lib/client/http-client.ts';
import { BATCHES, healthInsurance, illness } from './departments.ts';
import { poorest, type Poor } from './people.ts';
import { COUNTY, type World } from './world.ts';

const GOOD = 40;
const UNKNOWN = [stranger(1), stranger(2), stranger(3)] as const;
/** A member misspelt, a digit slipped, more refunded than spent, a kind of another department, no JSON at all. */
const BAD: readonly string[] = [
  JSON.stringify({ ...illness({ idNumber: stranger(9) }), spendFen: 1 }),
  JSON.stringify(illness({ idNumber: `${stranger(9).slice(0, 17)}${stranger(9).endsWith('1') ? '2' : '1'}` })),
  JSON.stringify(illness({ idNumber: stranger(9), spentFen: 100, refundedFen: 200 })),
  JSON.stringify({ ...illness({ idNumber: stranger(9) }), kind: 'drop-out' }),
  '{"idNumber":',
];

interface Batch {
  readonly state: string;
  readonly rows: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly rejected: number;
  readonly findings: number;
}

interface Found {
  readonly id: string;
  readonly householdId: number;
  readonly batchId: string;
  readonly outcome: string;
}

/** Of right form and check digit; no division has these digits, and the seed uses others. */
function stranger(number: number): string {
  const seventeen = `98000019800101${String(number).padStart(3, '0')}`;
  return seventeen + idCheckCharacter(seventeen);
}

export function batches(world: () => World): void {
  describe('a batch of findings', () => {
    let department: HttpClient;
    let people: Poor[] = [];
    let batchId = '';
    let sheet = '';

    beforeAll(async () => {
      department = await healthInsurance(world());
      people = await poorest(world(), GOOD);
      const rows = [...people, ...UNKNOWN.map((idNumber) => ({ idNumber }))];
      const lines = rows.map(({ idNumber }) => JSON.stringify(illness({ idNumber })));
      // What is wrong stands in the middle: the rows behind it count all the same.
      sheet = [...lines.slice(0, GOOD / 2), ...BAD, ...lines.slice(GOOD / 2)].join('\n');
    });

    const push = async (): Promise<string> => {
      const body = textBody('application/x-ndjson', sheet);
      return (await department.post<{ batchId: string }>(BATCHES, body)).batchId;
    };
    const inState = (state: string): Promise<Batch> =>
      eventually(
        async () => {
          const batch = await department.get<Batch>(`${BATCHES}/${batchId}`);
          expect(batch.state).toBe(state);
          return batch;
        },
        { timeoutMs: 60_000 },
      );
    const found = async (): Promise<Found[]> => {
      const { items } = await world().operator.get<{ items: Found[] }>(
        `/v1/findings?region=${COUNTY}&batchId=${batchId}&limit=200`,
      );
      return items;
    };
    /** Households whose alert assistance-cases has taken in: a case opened or attached to, or an item listed. */
    const takenIn = async (): Promise<number> => {
      const [row] = await world().sql<{ n: number }>(
        'risk-alerts',
        `SELECT count(DISTINCT pair.household_id)::int AS n
         FROM findings f JOIN triage_answers t USING (origin), unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome)
         WHERE f.batch_id = $1 AND pair.outcome < 4`,
        [batchId],
      );
      return row?.n ?? 0;
    };

    it('adds up: every row is matched, of nobody known, or refused with its reason', async () => {
      batchId = await push();
      const done = await inState('done');
      expect(done).toMatchObject({ rows: GOOD + UNKNOWN.length + BAD.length, matched: GOOD, findings: GOOD });
      expect(done).toMatchObject({ unmatched: UNKNOWN.length, rejected: BAD.length });
      expect(done.rows).toBe(done.matched + done.unmatched + done.rejected);
      const { items } = await department.get<{ items: { row: number; column: string }[] }>(
        `${BATCHES}/${batchId}/errors?limit=200`,
      );
      const wrong = BAD.map((_, i) => GOOD / 2 + 1 + i);
      expect([...new Set(items.map(({ row }) => row))]).toEqual(wrong);
      expect(items.map(({ column }) => column)).toEqual(['spendFen', 'idNumber', 'refundedFen', 'kind', '']);
      expect(JSON.stringify(items)).not.toMatch(/\d{17}/);
    }, 90_000);

    it('becomes alerts and cases of exactly those households, on the lane that lets live shocks go first', async () => {
      await eventually(
        async () => {
          const all = await found();
          expect(all.filter(({ outcome }) => outcome === 'alerted')).toHaveLength(GOOD);
          expect(await takenIn()).toBe(GOOD);
        },
        { timeoutMs: 60_000 },
      );
      const households = (await found()).map(({ householdId }) => householdId).sort((a, b) => a - b);
      expect(households).toEqual(people.map(({ householdId }) => householdId).sort((a, b) => a - b));
      const lanes = await world().sql<{ lane: string }>(
        'risk-alerts',
        `SELECT DISTINCT s.lane FROM (
           SELECT DISTINCT ON (a.origin, a.household_id) a.slice_no FROM alerts a JOIN findings f USING (origin)
           WHERE f.batch_id = $1 ORDER BY a.origin, a.household_id, a.revision DESC) AS last JOIN slices s USING (slice_no)`,
        [batchId],
      );
      expect(lanes).toEqual([{ lane: 'bulk' }]);
      const [cases] = await world().sql<{ n: number }>(
        'assistance-cases',
        'SELECT count(*)::int AS n FROM cases WHERE state < 100 AND household_id = ANY ($1::bigint[])',
        [households],
      );
      expect(cases?.n).toBe(GOOD);
    }, 90_000);

    it('that comes again is the same batch', async () => {
      expect(await push()).toBe(batchId);
      expect(await found()).toHaveLength(GOOD);
    });

    it('finds whom the register comes to know later', async () => {
      const { id } = await world().operator.post<{ id: number }>('/v1/households', {
        villageCode: people[0]?.village,
        members: [
          { birthYear: 1980, sex: 'male', relation: 'head', labour: 'ordinary', idNumber: UNKNOWN[0], chronic: false },
        ],
      });
      await eventually(
        async () => {
          const late = (await found()).find(({ householdId }) => householdId === Number(id));
          // Nothing is known of its income, so that somebody is to look.
          expect(late?.outcome).toBe('alerted');
        },
        { timeoutMs: 60_000 },
      );
    }, 90_000);

    it('that is taken back takes all of it back', async () => {
      await department.post(`${BATCHES}/${batchId}/withdraw`, { reason: '取数口径有误，整批撤回' });
      await inState('withdrawn');
      await eventually(
        async () => {
          const all = await found();
          expect(all).toHaveLength(GOOD + 1);
          expect(all.filter(({ outcome }) => outcome !== 'withdrawn')).toEqual([]);
          const [standing] = await world().sql<{ n: number }>(
            'assistance-cases',
            `SELECT (SELECT count(*) FROM cases WHERE state < 100 AND household_id = ANY ($1::bigint[]))::int
               + (SELECT count(*) FROM check_items WHERE state < 100 AND household_id = ANY ($1::bigint[]))::int AS n`,
            [all.map(({ householdId }) => householdId)],
          );
          expect(standing?.n).toBe(0);
        },
        { timeoutMs: 60_000 },
      );
    }, 120_000);
  });
}
