import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import * as quakes from './quakes.js';
import { codesOf, COUNTIES, minutes, shockIdOf, yangbi, YANGBI } from './quakes.js';
import { startShockApp, type Answer, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const post = (body: unknown, call: object = {}): Promise<Answer> => quakes.post(service, body, call);
const look = (shockId: string): Promise<Record<string, unknown>> => quakes.look(service, shockId);
const survey = (shockId: string, over: object = {}, call: object = {}): Promise<Answer> =>
  quakes.survey(service, shockId, over, call);
/** All that followers see but for revision numbers and ids. */
const stateOf = async (shockId: string): Promise<object> => {
  const { level, lane, state, regions, headline, source, intensity } = await look(shockId);
  return { level, lane, state, regions, headline, source, intensity };
};

describe('surveyed intensity zones', () => {
  it('take the place of the computed ones, township by township', async () => {
    const shockId = shockIdOf(await post(yangbi()));
    const answer = await survey(shockId);
    expect(answer).toMatchObject({ status: 202, body: { shockId, outcome: 'updated', lane: 'alert', problems: [] } });
    const event = (await service.eventsOf(shockId)).at(-1);
    expect(event).toMatchObject({ regions: [...COUNTIES].sort(), intensityReported: true, source: '中国地震局烈度图' });
    const degrees = new Map(event?.intensity.map(({ region, intensity }) => [region, intensity]));
    expect([...degrees.values()].filter((degree) => degree === 6)).toHaveLength(6);
    expect([...degrees.values()].filter((degree) => degree === 8)).toHaveLength(3);
    // Eleven townships have Ⅶ, of which three reach Ⅷ.
    expect([...degrees.values()].filter((degree) => degree === 7)).toHaveLength(8);
    expect(event?.headline).toMatch(/6\.4级地震，震源深度8千米，调查最大烈度Ⅷ度$/);
    expect((await survey(shockId)).body).toMatchObject({ shockId, outcome: 'duplicate' });
  });

  it('stay when the catalogue revises the quake, which revises only what the survey does not say', async () => {
    const id = randomUUID();
    const shockId = shockIdOf(await post(yangbi({ id })));
    await survey(shockId);
    const later = Date.parse('2021-06-01T00:00:00Z');
    const answer = await post(yangbi({ id, mag: 6.1, magType: 'mww', updated: later }));
    expect(answer.body).toMatchObject({ shockId, outcome: 'updated' });
    expect(codesOf(answer)).toContain('QUAKE.SURVEY_KEPT');
    expect(await look(shockId)).toMatchObject({
      regions: [...COUNTIES].sort(),
      intensity: { reported: true, magnitude: 6.1 },
      headline: expect.stringContaining('调查最大烈度Ⅷ度'),
    });
    // No follower ever saw the computed zones come back.
    expect((await service.eventsOf(shockId)).map(({ intensityReported }) => intensityReported)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('are taken from nobody whose area the earthquake reaches beyond', async () => {
    const shockId = shockIdOf(await post(yangbi({ id: randomUUID() })));
    const before = await look(shockId);
    for (const region of ['110101', YANGBI]) {
      const as = { role: 'county-officer', region };
      expect(await survey(shockId, { zones: [{ intensity: 'Ⅵ', places: '漾濞县' }] }, { as })).toMatchObject({
        status: 403,
        body: { code: 'SCOPE.OUTSIDE' },
      });
    }
    expect(await look(shockId)).toEqual(before);
  });

  it('and revisions give the same state in every order', async () => {
    const first = 'a first survey';
    const steps = (id: string): ((shockId: string) => Promise<Answer>)[] => [
      () => post(yangbi({ id, mag: 6.2, updated: minutes(60) })),
      () => post(yangbi({ id, mag: 6.6, updated: Date.parse('2021-06-01T00:00:00Z') })),
      (shockId) =>
        survey(shockId, {
          zones: [{ intensity: 7, regions: [YANGBI] }],
          source: first,
          surveyedAt: '2021-05-22T12:00:00+08:00',
        }),
      (shockId) => survey(shockId),
    ];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
      [1, 2, 0, 3],
      [3, 1, 2, 0],
    ];
    const states: object[] = [];
    for (const order of orders) {
      const id = randomUUID();
      const shockId = shockIdOf(await post(yangbi({ id })));
      for (const step of order) expect((await steps(id)[step]?.(shockId))?.status).toBe(202);
      states.push(await stateOf(shockId));
    }
    expect(states[0]).toMatchObject({ source: '中国地震局烈度图', intensity: { reported: true, magnitude: 6.6 } });
    for (const state of states) expect(state).toEqual(states[0]);
  });

  it('at the same moment as a revision give the same state', async () => {
    const id = randomUUID();
    const shockId = shockIdOf(await post(yangbi({ id })));
    const answers = await Promise.all([
      post(yangbi({ id, mag: 6.6, updated: Date.parse('2021-06-01T00:00:00Z') })),
      survey(shockId),
      post(yangbi({ id, mag: 6.5, updated: minutes(30) })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(await look(shockId)).toMatchObject({
      intensity: { reported: true, magnitude: 6.6 },
      regions: [...COUNTIES].sort(),
    });
  });

  it('name what they cannot resolve and take the rest; nothing resolvable is refused', async () => {
    const shockId = shockIdOf(await post(yangbi()));
    const answer = await survey(shockId, { zones: [{ intensity: 7, places: '漾濞县苍山西镇；无此乡镇' }] });
    expect(answer).toMatchObject({ status: 202, body: { outcome: 'updated' } });
    expect(answer.body['problems']).toEqual([{ code: 'ZONES.PLACE_UNKNOWN', text: 'Ⅶ度区中未识别的地名：无此乡镇' }]);
    const nothing = await survey(shockId, { zones: [{ intensity: 7, places: '无此乡镇' }] });
    expect(nothing).toMatchObject({ status: 400, body: { errors: [{ field: 'zones[0]' }] } });
  });

  it('may be drawn: by the points of counties until boundaries are loaded', async () => {
    const shockId = shockIdOf(await post(yangbi()));
    const box = [
      [99.5, 25.4],
      [100.2, 25.4],
      [100.2, 26],
      [99.5, 26],
      [99.5, 25.4],
    ];
    const answer = await survey(shockId, {
      zones: [{ intensity: 'Ⅶ', geometry: { type: 'Polygon', coordinates: [box] } }],
    });
    expect(codesOf(answer)).toEqual(['ZONES.OUTLINE_BY_POINTS']);
    expect((await look(shockId))['regions'] as string[]).toContain(YANGBI);
  });

  it('are refused with every bad field named, and on what is no earthquake', async () => {
    const shockId = shockIdOf(await post(yangbi()));
    const bad = await survey(shockId, {
      zones: [{ intensity: 13, regions: ['999999'] }, { intensity: 7 }, { intensity: 6, geometry: { type: 'Point' } }],
      source: '',
      surveyedAt: 'today',
      colour: 'red',
    });
    expect(bad.status).toBe(400);
    expect((bad.body['errors'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'colour',
      'zones[0].intensity',
      'zones[0].regions[0]',
      'zones[1].regions',
      'zones[2].geometry.type',
      'source',
      'surveyedAt',
    ]);
    const early = await survey(shockId, { surveyedAt: '2021-05-21T20:00:00+08:00' });
    expect(early).toMatchObject({ status: 400, body: { errors: [{ field: 'surveyedAt' }] } });
    expect((await survey(randomUUID())).status).toBe(404);
    expect((await survey('none')).status).toBe(404);
    const hail = await service.call('POST', '/v1/shocks?asOf=2021-05-22T00:00:00Z', {
      body: {
        kind: 'hail',
        observed: true,
        regions: [YANGBI],
        onset: '2021-05-20T12:00:00+08:00',
        headline: `冰雹${randomUUID()}`,
        source: 'spec',
      },
    });
    expect(await survey(shockIdOf(hail))).toMatchObject({ status: 409, body: { code: 'SHOCK.NOT_AN_EARTHQUAKE' } });
  });

  it('may be given for an earthquake that an officer reported', async () => {
    const reported = await service.call('POST', '/v1/shocks?asOf=2021-05-22T00:00:00Z', {
      body: {
        kind: 'earthquake',
        observed: true,
        regions: [YANGBI],
        onset: '2021-05-21T21:48:34+08:00',
        headline: `漾濞地震${randomUUID()}`,
        source: 'spec',
      },
    });
    const shockId = shockIdOf(reported);
    expect((await survey(shockId)).body).toMatchObject({ shockId, lane: 'alert' });
    expect(await look(shockId)).toMatchObject({ regions: [...COUNTIES].sort(), intensity: { reported: true } });
  });

  it('are never an error of ours, whatever the body', async () => {
    const shockId = shockIdOf(await post(yangbi()));
    const zone = fc.record(
      {
        intensity: fc.oneof(fc.integer({ min: -1, max: 14 }), fc.string(), fc.jsonValue()),
        regions: fc.oneof(fc.array(fc.constantFrom(YANGBI, '5329', '00', 'x')), fc.jsonValue()),
        places: fc.oneof(fc.string(), fc.constantFrom('漾濞县', '大理州南部', '苍山西镇'), fc.jsonValue()),
        geometry: fc.oneof(fc.record({ type: fc.constant('Polygon'), coordinates: fc.jsonValue() }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.array(zone, { maxLength: 3 }), fc.jsonValue()),
        fc.oneof(fc.constant('2021-05-25T18:00:00+08:00'), fc.jsonValue()),
        async (zones, surveyedAt) => {
          const answer = await survey(shockId, { zones, surveyedAt });
          expect(answer.status).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
  });
});
