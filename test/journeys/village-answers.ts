import { describe, expect, it } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import { textBody } from '../../scripts/lib/client/http-client.ts';
import { expectAllAccountedFor, expectAllRecalled, farmersIn } from './accounts.ts';
import { capMessage, type IntakeAnswer } from './shocks.ts';
import { COUNTY, type World } from './world.ts';

const VILLAGES = 63;
/** The sweep that ends notices comes every fifteen seconds. */
const UNTIL_ENDED = { timeoutMs: 60_000 };

interface Question {
  id: string;
  village: string;
  text: string;
  state: string;
  notices: { shockId: string; askedBy: string }[];
}

interface Summary {
  asked: number;
  hit: number;
  notHit: number;
  open: number;
  townships: { region: string }[];
}

export function villageAnswers(world: () => World): void {
  describe('a notice that ends', () => {
    let notice = '';
    let harm = '';
    let hit: Question;
    const summary = (): Promise<Summary> =>
      world().operator.get<Summary>(`/v1/village-questions/summary?region=${COUNTY}&shockId=${notice}`);

    it('asks every village of the county once', async () => {
      // Judged three seconds before its end, it is over by this machine's clock three seconds from now.
      const { shockId, lane } = await world().operator.post<IntakeAnswer>(
        '/v1/shocks/cap?asOf=2026-07-18T07:59:57%2B08:00',
        textBody('application/cap+xml', capMessage({ identifier: 'journey-red-rain' })),
      );
      expect(lane).toBe('notice');
      notice = shockId;
      await eventually(
        async () => expect(await summary()).toMatchObject({ asked: VILLAGES, open: VILLAGES }),
        UNTIL_ENDED,
      );
      expect((await summary()).townships).toHaveLength(7);
    }, 90_000);

    it('opens nothing by itself, and becomes alerts where a village was hit', async () => {
      const { items } = await world().operator.get<{ items: Question[] }>(
        `/v1/village-questions?shockId=${notice}&limit=200`,
      );
      expect(new Set(items.map(({ village }) => village)).size).toBe(VILLAGES);
      const farmers = await Promise.all(items.map(({ village }) => farmersIn(world(), village)));
      // Villages of the demo's damage report owe it an answer already, and the notice has joined that question.
      const at = farmers.findIndex((of, i) => of.length > 0 && items[i]?.notices.length === 1);
      hit = items[at] as Question;
      expect(hit.text).toBe('7月18日暴雨红色预警已结束，请报本村是否受灾（未受灾也要报）');
      const joined = items.find(({ notices }) => notices.length === 2);
      expect(joined?.notices.map(({ askedBy }) => askedBy)).toEqual(['damage-report', 'ended-notice']);
      const monitor = await world().clientOf('village-monitor', hit.village);
      await monitor.post(`/v1/village-questions/${hit.id}/answer`, { hit: true });
      await eventually(async () => {
        const [row] = await world().sql<{ id: string | null }>(
          'shock-feeds',
          'SELECT observed_shock_id AS id FROM village_answers WHERE shock_id = $1 AND village = $2',
          [notice, hit.village],
        );
        expect(row?.id).toBeTruthy();
        harm = String(row?.id);
      });
      const shock = await world().operator.get<Record<string, unknown>>(`/v1/shocks/${harm}`);
      expect(shock).toMatchObject({ observed: true, kind: 'rainstorm', level: 'red', regions: [hit.village] });
      await expectAllAccountedFor(world(), await world().follow(harm), farmers[at] as number[]);
    }, 60_000);

    it('counts the zero reports of the townships, and shows who is silent', async () => {
      const { items } = await world().operator.get<{ items: Question[] }>(
        `/v1/village-questions?shockId=${notice}&state=open&limit=200`,
      );
      const [silent, ...others] = items;
      for (const [township, questions] of Map.groupBy(others, ({ village }) => village.slice(0, 9))) {
        const caseworker = await world().clientOf('township-caseworker', township);
        const villages = questions.map(({ village }) => village);
        const taken = await caseworker.post('/v1/village-questions/answers', { hit: false, villages });
        expect(taken).toEqual({ answered: villages.length, unchanged: 0, refused: [] });
      }
      expect(await summary()).toMatchObject({ asked: VILLAGES, hit: 1, notHit: VILLAGES - 2, open: 1 });
      const monitor = await world().clientOf('village-monitor', String(silent?.village));
      const { items: due } = await monitor.get<{ items: { id: string; kind: string }[] }>('/v1/worklist?limit=200');
      expect(due.filter(({ kind }) => kind === 'village-question').map(({ id }) => id)).toEqual([silent?.id]);
      await eventually(async () => {
        const [kept] = await world().sql<{ n: number }>(
          'shock-feeds',
          "SELECT count(*)::int AS n FROM village_answers WHERE shock_id = $1 AND state = 'not-hit'",
          [notice],
        );
        expect(kept?.n).toBe(VILLAGES - 2);
      });
    }, 60_000);

    it('takes everything back when the village puts its answer right', async () => {
      const monitor = await world().clientOf('village-monitor', hit.village);
      const { headers } = await monitor.request('GET', `/v1/village-questions/${hit.id}`);
      const ifMatch = { headers: { 'if-match': String(headers.get('etag')) } };
      await monitor.post(`/v1/village-questions/${hit.id}/answer`, { hit: false }, ifMatch);
      const recalled = await world().follow(harm, { until: ({ state }) => state === 'recalled' });
      await expectAllRecalled(world(), recalled);
      expect(await summary()).toMatchObject({ hit: 0, notHit: VILLAGES - 1, open: 1 });
    }, 60_000);
  });
}
