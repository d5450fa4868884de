import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cellScope } from '@fangpin/persistence';
import { randomUUID } from 'node:crypto';
import { capXml, startShockApp, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

interface Day {
  readonly day: string;
  readonly entries: readonly { readonly what: string; readonly headline: string; readonly endedBy: string | null }[];
}

const VILLAGE = '532327101201';
const read = async (query: string, as = {}) => service.call('GET', `/v1/shocks/timeline?${query}`, { as });
const daysOf = (answer: { body: Record<string, unknown> }): Day[] => answer.body['items'] as Day[];

/** A warning of Yongren on 18 July 2026, taken as it was received then. */
const warn = (text: Parameters<typeof capXml>[0]) =>
  service.cap(capXml({ expires: '2026-07-19T01:00:00+08:00', ...text }), { asOf: '2026-07-18T12:00:00+08:00' });

describe('the timeline of a village', () => {
  it('tells by day what began, what was said of it later and how it ended, and nothing of other counties', async () => {
    const [identifier, next] = [randomUUID(), randomUUID()];
    await warn({ identifier, sent: '2026-07-18T08:00:00+08:00', headline: '永仁县暴雨橙色预警' });
    await warn({
      identifier: next,
      msgType: 'Update',
      references: identifier,
      sent: '2026-07-18T10:00:00+08:00',
      headline: '永仁县暴雨红色预警',
    });
    await warn({
      identifier: randomUUID(),
      msgType: 'Cancel',
      references: next,
      sent: '2026-07-18T11:00:00+08:00',
      info: false,
    });
    await warn({ geocode: '532622000000', sent: '2026-07-18T09:00:00+08:00', headline: '砚山县暴雨红色预警' });
    const answer = await read(`region=${VILLAGE}&from=2026-07-18&to=2026-07-18`);
    expect(answer.status).toBe(200);
    expect(daysOf(answer)).toMatchObject([
      {
        day: '2026-07-18',
        entries: [
          { what: 'cancelled', at: '2026-07-18T11:00:00+08:00' },
          { what: 'updated', headline: '永仁县暴雨红色预警', level: 'red' },
          { what: 'began', at: '2026-07-18T08:00:00+08:00' },
        ],
      },
    ]);
    expect(daysOf(answer)[0]?.entries).toHaveLength(3);
  });

  it('comes in pages that together hold everything once', async () => {
    const seen: string[] = [];
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answer = await read(`region=5323&from=2026-07-01&to=2026-07-31&limit=1${next}`);
      seen.push(...daysOf(answer).flatMap(({ entries }) => entries.map(({ what }) => what)));
      cursor = answer.body['nextCursor'];
    }
    expect(seen).toEqual(['cancelled', 'updated', 'began']);
  });

  it('tells what the village answered when it was asked, and not what its neighbour did', async () => {
    const warning = await warn({ sent: '2026-07-18T07:00:00+08:00', headline: '永仁县山洪橙色预警' });
    await service.database.transaction(cellScope('http:shocks'), (tx) =>
      tx.query(
        `INSERT INTO village_answers SELECT $1, village, 1, state, '2026-07-19T09:00:00+08:00', 0, 0, 0, 0, '{}', $1
         FROM (VALUES ($2, 'hit'), ('532327101202', 'not-hit')) AS answer (village, state)`,
        [warning.body['shockId'], VILLAGE],
      ),
    );
    const days = daysOf(await read(`region=${VILLAGE}&from=2026-07-19&to=2026-07-19`));
    expect(days.flatMap(({ entries }) => entries).filter(({ what }) => what.endsWith('hit'))).toMatchObject([
      { what: 'hit', village: VILLAGE, headline: '永仁县山洪橙色预警', at: '2026-07-19T09:00:00+08:00' },
    ]);
  });

  it('is for callers of the area, and names what is wrong with a question', async () => {
    expect((await read(`region=532622`, { role: 'county-officer', region: '532327' })).status).toBe(403);
    const bad = await read('region=532327&from=2026-13-01&to=x');
    expect(bad).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }, { field: 'from' }] } });
    expect((await read('region=nowhere')).status).toBe(400);
  });
});
